/** The body of a request to a REST service. */
import { GoogleError } from './errors.ts';

/** An object, empty when there is no body. @throws GoogleError INVALID_ARGUMENT, CANCELLED */
export async function readJson(request: Request): Promise<Record<string, unknown>> {
  if (request.method === 'GET') return {};
  const text = await request.text().catch(() => {
    throw new GoogleError('CANCELLED', 'The request broke off.');
  });
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new GoogleError('INVALID_ARGUMENT', `Invalid JSON payload received. ${(error as Error).message}`);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new GoogleError(
      'INVALID_ARGUMENT',
      'Invalid JSON payload received. Unknown name "": Root element must be a message.',
    );
  return body as Record<string, unknown>;
}
