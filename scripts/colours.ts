/** Colours of a terminal, and none where NO_COLOR is set (https://no-color.org): chalk does not look at it. */
import { chalk } from 'zx';

if (process.env.NO_COLOR) chalk.level = 0;

export { chalk };
