/**
 * Imported before a test file that has properties, in CI alone: there a change is judged by the same inputs each time.
 * Elsewhere each run has inputs of its own, and finds what nobody has thought of.
 */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_125 });
