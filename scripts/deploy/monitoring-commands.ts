/** The gcloud commands for log-based metrics, dashboards and alert policies. Pure. */

import { shownPath } from '../files.ts';
import type { Command } from './commands.ts';
import type { Change } from './difference.ts';
import type { Found, MonitoringResource } from './resource.ts';

const policyCommands = ['monitoring', 'policies'];
const dashboardCommands = ['monitoring', 'dashboards'];
const metricCommands = ['logging', 'metrics'];
const quiet = '--quiet';
/** The whole resource would be printed. */
const silent = '--format=none';

/** What makes a change; each could be typed by hand. */
export function monitoringCommands(
  action: Change['action'],
  resource: MonitoringResource,
  found: Found | undefined,
): Command[] {
  const project = `--project=${resource.project}`;
  const names = found?.names ?? [];
  switch (resource.kind) {
    case 'logMetric': {
      const config = `--config-from-file=${shownPath(resource.file)}`;
      if (action === 'remove') return [{ args: [...metricCommands, 'delete', resource.key, project, quiet] }];
      return [{ args: [...metricCommands, action, resource.key, project, config, silent] }];
    }
    case 'dashboard': {
      const config = `--config-from-file=${shownPath(resource.file)}`;
      const removal = { args: [...dashboardCommands, 'delete', resource.key, project, quiet] };
      const creation = { args: [...dashboardCommands, 'create', project, config, silent] };
      if (action === 'remove') return [removal];
      // An update asks for the etag of what is there, which no file has. It keeps its id, and so its address.
      return action === 'update' ? [removal, creation] : [creation];
    }
    case 'alertPolicy': {
      const policy = `--policy-from-file=${shownPath(resource.file)}`;
      // The reference of the API asks that the policies of a project are changed one after the other.
      const lock = `alert policies ${resource.project}`;
      const command = (...args: readonly string[]) => ({
        args: [...(resource.track ? [resource.track] : []), ...policyCommands, ...args],
        lock,
      });
      const removal = (name: string) => command('delete', name, project, quiet);
      const [first = '', ...others] = names;
      if (action === 'remove') return names.map(removal);
      if (action === 'update')
        return [command('update', first, project, policy, silent), ...others.map(removal)];
      return [command('create', project, policy, silent)];
    }
  }
}
