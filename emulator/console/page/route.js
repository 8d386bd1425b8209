// @ts-check
/** Addresses of the pages: `#/PAGE?…`. Everything that a page shows can be linked. */

/**
 * @param {string} page
 * @param {Readonly<Record<string, string | number | boolean | undefined>>} [params]
 */
export function href(page, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== '' && value !== false) query.set(name, String(value));
  const text = query.toString();
  return `#/${page}${text && `?${text}`}`;
}

/** The page and parameters of the address. */
export function current() {
  const [page = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { page, params: new URLSearchParams(query) };
}

/** Changes parameters of the address without leaving the page. @param {Readonly<Record<string, string | number | boolean | undefined>>} changed */
export function note(changed) {
  const { page, params } = current();
  for (const [name, value] of Object.entries(changed))
    if (value === undefined || value === '' || value === false) params.delete(name);
    else params.set(name, String(value));
  history.replaceState(history.state, '', href(page, Object.fromEntries(params)));
}
