/**
 * What workflow and job log: one shape for every entry, so that a query, a metric or an alert can rely on it.
 * `docs/observability.md` shows this table.
 */

/** As Cloud Logging names them. `NOTICE` is for what a person should know although nothing is wrong. */
export type Severity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR';

/** The stage of the work that an entry comes from, and what an entry of it tells. */
export const phases = {
  overlap: 'an older execution is still active: this one gives way',
  preflight: 'before anything is done: settings, permissions, what the repositories are',
  copy: 'a copy is started',
  await: 'a copy goes on',
  plan: 'what differs',
  claim: 'whether a follower carries the claim that lets a mirror delete',
  mirror: 'a change is about to be made, or is refused',
  verify: 'leader and follower were compared',
  result: 'a destination has ended; one entry for each destination of a run',
  run: 'the whole run has ended; one entry for each run',
  notify: 'a message about the run could not be published',
  serve: "the HTTP server's own",
} as const;

export type Phase = keyof typeof phases;
