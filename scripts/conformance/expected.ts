/**
 * What samples of GoogleCloudPlatform/workflows-samples give, as their comments and pages say it, by the name of
 * the file. https://cloud.google.com/workflows/docs/samples
 */

/** How a sample is started, and what it gives. */
export interface Expectation {
  readonly argument?: unknown;
  readonly result: unknown;
}

export const expected: Readonly<Record<string, Expectation>> = {
  'args.workflows': {
    argument: { firstName: 'Sherlock', lastName: 'Holmes' },
    result: 'Hello Sherlock Holmes',
  },
  'array.workflows': { result: { concat_result: 'foobar' } },
  'dictionary.workflows': { result: null },
  'expression.workflows': { result: 'Current temperature is 80.6 F' },
  'iterate_for_range.workflows': { result: 45 },
  'iterate_list.workflows': { result: 15 },
  'iterate_map.workflows': { result: 60 },
  'list.workflows': { result: null },
  'list_reverse.workflows': { result: [3, 2, 1] },
  'loop_scope.workflows': { result: [8] },
  'step_iterate.workflows': { result: { concat_result: 'foobar' } },
  'step_switch_embedded.workflows': { result: 'increase a to:8' },
  'subworkflow.workflows': { result: 'Hello Kristof' },
  'vars.workflows': { result: null },
  'connector_pubsub.workflows': { result: 'SUCCESS' },
};
