/**
 * Answers for the requests of public samples: shaped as those services shape them, with made-up content. What is
 * not in the table gets an object that says nothing.
 */

const answers: readonly (readonly [url: RegExp, answer: unknown])[] = [
  [
    /wikipedia\.org\/w\/api\.php\?.*action=opensearch/,
    ['Monday', ['Monday', 'Monday Night'], ['', ''], ['', '']],
  ],
  [/wikipedia\.org/, ['Monday', ['Monday', 'Monday Night'], ['', ''], ['', '']]],
  [/timeapi\.io/, { dayOfWeek: 'Monday', dateTime: '2026-01-05T12:00:00', timeZone: 'Europe/Amsterdam' }],
  [/workflowsample\.cloudfunctions\.net|\/datetime/, { dayOfTheWeek: 'Monday', currentTime: '12:00' }],
  [/firestore\.googleapis\.com/, { name: 'document', fields: { LastName: { stringValue: 'Doe' } } }],
  [/order-service|\/orders?\b/, { id: '1', customerId: '7', number: 1 }],
  [/aiplatform\.googleapis\.com.*predict/, { predictions: [{ content: 'text' }] }],
  [/aiplatform\.googleapis\.com/, { candidates: [{ content: { parts: [{ text: 'text' }] } }] }],
  [/reddit\.com/, { data: { children: [] } }],
  [/twitter\.com/, { data: [{ text: 'so good', lang: 'en', author_id: '1', created_at: '', id: '1' }] }],
  [/randomgen/, { random: 7 }],
  [/multiply/, { multiplied: 14 }],
  [/isBodyTempNormal/, true],
  [/\/stores?\//, { stock: 3 }],
  [/postComments/, 3],
  [/translation\.googleapis\.com/, { translations: [{ translatedText: 'Hallo' }] }],
  [/vision\.googleapis\.com/, { responses: [{ labelAnnotations: [{ description: 'Cat' }] }] }],
  [/compute\.googleapis\.com/, { status: 'RUNNING', name: 'vm', items: [] }],
  [/bigquery\.googleapis\.com/, { jobReference: { jobId: 'job' }, status: { state: 'DONE' }, rows: [] }],
];

/** What a stub says to a request. */
export function stubAnswer(request: Request): Response {
  const found = answers.find(([url]) => url.test(request.url));
  return Response.json(found ? found[1] : { SomeField: 5, message: 'stub', status: 'ok' });
}
