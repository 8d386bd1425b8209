// @ts-check
/** Values as people read them. */

/** A repository's full name as `LOCATION/PROJECT/ID`; anything else as it is. @param {string} name */
export function repositoryText(name) {
  const match = /^projects\/([^/]+)\/locations\/([^/]+)\/repositories\/([^/]+)$/.exec(name);
  return match ? `${match[2]}/${match[1]}/${match[3]}` : name;
}

/** A text in two parts, the last of which tells names apart that begin alike: a repository's id. @param {string} text @returns {[string, string]} */
export function parted(text) {
  const at = Math.max(0, text.lastIndexOf('/'));
  return [text.slice(0, at), text.slice(at)];
}

/** A text with the repositories in it as {@link repositoryText} has them. @param {string} text */
export function withShortNames(text) {
  return text.replace(/projects\/([^/\s]+)\/locations\/([^/\s]+)\/repositories\/([^/\s:;,]+)/g, '$2/$1/$3');
}

/** The last part of a resource name. @param {string} name */
export function lastPart(name) {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** An execution's id, cut to what tells them apart. @param {string} name */
export function shortId(name) {
  return lastPart(name).slice(0, 8);
}

/** The project and location of a resource name. @param {string} name */
export function placeText(name) {
  const [, project = '', , location = ''] = name.split('/');
  return `${location} · ${project}`;
}

/** @param {number} milliseconds since the epoch */
export function time(milliseconds) {
  const date = new Date(milliseconds);
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A length of time: `12 ms`, `3.4 s`, `2 min 5 s`, `3 h 20 min`. @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** @param {number} value */
export function count(value) {
  return value.toLocaleString('en-US');
}

/** @param {number} value @param {string} one @param {string} [many] */
export function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** @param {number} value */
export function bytes(value) {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let unit = 0;
  for (; scaled >= 1000 && unit < units.length - 1; unit++) scaled /= 1000;
  return `${unit === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
}

/** A digest cut to its first digits; any other version as it is. @param {string} version */
export function versionText(version) {
  return /^sha256:[0-9a-f]{64}$/.test(version) ? version.slice(7, 19) : version;
}

/** A task of a job: its execution, and which attempt where it was not the first. @param {{ execution: string, task: string, attempt: string }} job */
export function jobText({ execution, task, attempt }) {
  return `job ${execution}, task ${task}${attempt === '0' ? '' : `, attempt ${Number(attempt) + 1}`}`;
}

/** JSON on several lines; a text that is no JSON as it is. @param {string} text */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Types of steps whose own names are long. @type {Readonly<Record<string, string>>} */
const types = {
  STEP_STD_LIB_CALL: 'library call',
  STEP_CONNECTOR_CALL: 'connector call',
  STEP_SUBWORKFLOW_CALL: 'subworkflow',
  STEP_FOR_ITERATION: 'iteration',
  STEP_PARALLEL_FOR: 'parallel for',
  STEP_PARALLEL_BRANCH: 'parallel',
  STEP_PARALLEL_BRANCH_ENTRY: 'branch',
  STEP_TRY_RETRY_EXCEPT: 'try',
  STEP_TRY: 'attempt',
};

/** `STEP_SUBWORKFLOW_CALL` as `subworkflow`. @param {string} type */
export function stepType(type) {
  return (
    types[type] ??
    type
      .replace(/^STEP_/, '')
      .replaceAll('_', ' ')
      .toLowerCase()
  );
}
