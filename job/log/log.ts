/** What the job says while it works, in the shape of `generator/observability/entry.ts`. */
import type { FieldName, Fields, phases, Severity } from '../../generator/observability/entry.ts';

/** Phases in which the job writes entries. */
type JobPhase = {
  [P in keyof typeof phases]: (typeof phases)[P] extends { job: unknown } ? P : never;
}[keyof typeof phases];

type Always<P extends JobPhase> = (typeof phases)[P]['job']['always'][number] & FieldName;
type Sometimes<P extends JobPhase> = (typeof phases)[P]['job']['sometimes'][number] & FieldName;

/** What an entry says beside its message; what its phase has. All of it ends in `replicator`; nothing may be secret. */
export type LogFields = {
  [P in JobPhase]: { readonly phase: P } & Required<Pick<Fields, Always<P>>> & Pick<Fields, Sometimes<P>>;
}[JobPhase];

/** Says something. Never throws, never waits. */
export type Log = (severity: Severity, message: string, fields: LogFields) => void;

/** Says nothing. */
export const silent: Log = () => {};
