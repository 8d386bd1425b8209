/**
 * Module events: callbacks, which let an execution wait until somebody sends it a request.
 *
 * https://cloud.google.com/workflows/docs/reference/stdlib/events/await_callback
 */
import { systemError } from '../errors.ts';
import { dict } from '../value.ts';
import { define } from './library.ts';

/** Methods that a callback may expect. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'];

/** Seconds that are waited when none are given: half a day. */
const defaultTimeout = 43_200;

/** Functions of module events. */
export const events = [
  define(
    'events.create_callback_endpoint',
    ['http_callback_method?'],
    (args, host) => {
      const method = args.has('http_callback_method') ? args.string('http_callback_method') : 'POST';
      if (!methods.includes(method))
        throw args.invalid(`unknown method '${method}'; there are ${methods.join(', ')}`);
      return dict({ url: host.callbacks.create(method) });
    },
    { blocking: true },
  ),
  define(
    'events.await_callback',
    ['callback', 'timeout?'],
    async (args, host) => {
      const url = args.map('callback').get('url');
      if (typeof url !== 'string') throw args.invalid("'callback' has no url");
      const timeout = args.has('timeout') ? Number(args.number('timeout')) : defaultTimeout;
      if (!(timeout >= 0)) throw args.invalid(`'timeout' must not be negative; got: ${timeout}`);
      const waiting = host.callbacks.wait(url);
      if (!waiting) throw args.invalid('this execution has no such callback');
      try {
        await host.sleep(timeout * 1000, waiting.arrived);
        const request = waiting.take();
        if (request === undefined) throw systemError('TimeoutError', `no callback within ${timeout} seconds`);
        return request;
      } finally {
        waiting.end();
      }
    },
    { blocking: true },
  ),
];
