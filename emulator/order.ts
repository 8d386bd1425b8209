/** Comparison operators of the services' filters. */

/**
 * Whether a comparison holds.
 *
 * @param operator `=`, `!=`, `<`, `<=`, `>`; anything else is `>=`
 * @param order below 0, 0 or above 0, as of a sort
 */
export function holds(operator: string, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}
