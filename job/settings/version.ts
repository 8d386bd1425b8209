/** The version of the program, as `--version` prints it. */
import manifest from '../../package.json' with { type: 'json' };

export const { version } = manifest;
