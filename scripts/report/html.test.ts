import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Html, html, link } from './html.ts';

test('text, numbers and lists are escaped by their type; markup of our own is not', () => {
  assert.is(
    String(html`<p title="${'"><b>'}">${"<i> & 'x'"}</p>`),
    '<p title="&quot;&gt;&lt;b&gt;">&lt;i&gt; &amp; &#39;x&#39;</p>',
  );
  assert.is(
    String(html`${[html`<li>${1}</li>`, '<li>', [2, undefined, null, false]]}`),
    '<li>1</li>&lt;li&gt;2',
  );
  assert.is(String(html`${new Html('<svg/>')}${html`<b>${'<'}</b>`}`), '<svg/><b>&lt;</b>');
});

test('no text makes a tag, leaves its attribute, or hides what stands beside it', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('<', '>', '"', "'", '&', '`', '=', '<script>', '-->', ']]>', '\u0000', '\u202e', 'x'),
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const inside = String(html`<p title="${text}">${text}</p>`);
      assert.match(inside, /^<p title="[^"<>]*">[^<>]*<\/p>$/);
      assert.not.match(inside, /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
      assert.not.match(inside.replace(/&(amp|lt|gt|quot|#39);/g, ''), /&/);
    }),
  );
});

test('lines stay, credentials do not', () => {
  assert.is(String(html`${'a\nb'}`), 'a\nb');
  assert.is(String(html`${'Authorization: Bearer abc.def-ghi'}`), 'Authorization: [redacted]');
  assert.not.match(String(html`${`token ya29.${'x'.repeat(40)}`}`), /xxx/);
  assert.not.match(String(html`${'GET https://user:hunter2@example.com/v2/'}`), /hunter2/);
  assert.not.match(String(html`${'-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----'}`), /MIIE/);
});

test('links lead to https and nowhere else', () => {
  assert.match(
    String(html`${link('https://console.cloud.google.com/x?a="b"', '<x>')}`),
    /^<a href="https:[^"]*a=&quot;b&quot;" rel="noopener noreferrer">&lt;x&gt;<\/a>$/,
  );
  for (const address of [
    'javascript:alert(1)',
    'http://127.0.0.1:8787/',
    'data:text/html,x',
    'no address',
    undefined,
  ])
    assert.is(String(html`${link(address, 'x')}`), 'x');
});

test.run();
