/** Cloud KMS: keys, their policies, and what Artifact Registry asks of a key before it makes a repository with it. */
import { Hono } from 'hono';
import type { Context } from '../context.ts';
import type { Policies } from '../iam/policies.ts';
import { policyRoutes } from '../iam/policy-routes.ts';
import { readJson } from '../read-json.ts';
import { restService } from '../rest.ts';
import { checkUse } from './check-use.ts';
import { Keys, keyName } from './keys.ts';

/** The REST API. A key that is not there has no policy either. */
export function kmsService(context: Context, policies: Policies): Hono {
  const keys = new Keys(context);
  const key = '/v1/projects/*/locations/*/keyRings/*/cryptoKeys/*';
  const app = new Hono();
  app.use('/v1/projects/:project/locations/:location/repositories', async (c, next) => {
    if (c.req.method !== 'POST') return next();
    // Read from a copy: whoever makes the repository reads it again.
    const { kmsKeyName } = await readJson(c.req.raw.clone());
    if (typeof kmsKeyName === 'string' && kmsKeyName !== '')
      checkUse(keys, context.iam, kmsKeyName, c.req.param());
    return next();
  });
  app.route(
    '/',
    restService([...keys.routes(), ...policyRoutes(key, policies, (ids) => keys.get(keyName(ids)).name)]),
  );
  return app;
}
