/** What a deploy asks for besides the services that do the work: one app of all of them. */
import { Hono } from 'hono';
import { buildService } from './build/service.ts';
import type { Context } from './context.ts';
import type { Policies } from './iam/policies.ts';
import { iamService } from './iam/service.ts';
import { ServiceAccounts } from './iam/service-accounts.ts';
import { kmsService } from './kms/service.ts';
import { logMetricsService } from './logging/metrics-service.ts';
import { loggingService } from './logging/service.ts';
import { monitoringService } from './monitoring/service.ts';
import { projectsService } from './projects/service.ts';
import { topicPolicies } from './pubsub/policies.ts';
import type { Jobs } from './run/jobs.ts';
import { runV1Service } from './run/v1-service.ts';
import { schedulerService } from './scheduler/service.ts';
import { serviceUsageService } from './service-usage/service.ts';
import { workflowsEngine } from './workflows/service.ts';

/** IAM, Resource Manager, Service Usage, Cloud Scheduler, Cloud Logging, Cloud Monitoring, Cloud Build, Cloud KMS, Cloud Run's v1. */
export function deployServices(context: Context, jobs: Jobs, policies: Policies): Hono {
  const app = new Hono();
  app.route('/', iamService(policies, new ServiceAccounts(context, policies)));
  app.route('/', kmsService(context, policies));
  app.route('/', projectsService());
  app.route('/', serviceUsageService(context));
  app.route('/', schedulerService(context));
  app.route('/', loggingService(context, jobs));
  app.route('/', logMetricsService(context));
  app.route('/', monitoringService(context));
  app.route(
    '/',
    topicPolicies(() => workflowsEngine(context).topics, policies),
  );
  app.route('/', buildService(context));
  app.route('/', runV1Service(context, jobs));
  return app;
}
