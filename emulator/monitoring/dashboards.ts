/** Dashboards, and what Cloud Monitoring refuses of them. */
import { GoogleError } from '../errors.ts';

/** `google.monitoring.dashboard.v1.Dashboard`, as JSON, as far as it is looked at. */
export interface Dashboard extends Record<string, unknown> {
  readonly name: string;
  readonly etag: string;
  readonly displayName?: string;
  readonly mosaicLayout?: { readonly columns?: number; readonly tiles?: readonly Tile[] };
}

interface Tile {
  readonly xPos?: number;
  readonly yPos?: number;
  readonly width?: number;
  readonly height?: number;
  readonly widget?: object;
}

const layouts = ['mosaicLayout', 'gridLayout', 'rowLayout', 'columnLayout'];
const invalid = (message: string) => new GoogleError('INVALID_ARGUMENT', message);

/** @throws GoogleError INVALID_ARGUMENT */
export function checkDashboard(dashboard: Record<string, unknown>): void {
  const { displayName, mosaicLayout } = dashboard as Partial<Dashboard>;
  if (!displayName) throw invalid('Field dashboard.displayName is required.');
  if (layouts.filter((layout) => layout in dashboard).length !== 1)
    throw invalid('Field dashboard.layout must be set, and one alone.');
  if (!mosaicLayout) return;
  const { columns = 0, tiles = [] } = mosaicLayout;
  if (!(columns >= 1 && columns <= 12)) throw invalid('Field mosaicLayout.columns must be from 1 to 12.');
  const taken = new Set<string>();
  for (const [index, { xPos = 0, yPos = 0, width = 0, height = 0, widget }] of tiles.entries()) {
    const where = `Field mosaicLayout.tiles[${index}]`;
    if (!widget) throw invalid(`${where}.widget is required.`);
    if (width < 1 || height < 1 || xPos < 0 || yPos < 0 || xPos + width > columns)
      throw invalid(`${where} must be within the columns.`);
    for (let x = xPos; x < xPos + width; x++)
      for (let y = yPos; y < yPos + height; y++) {
        if (taken.has(`${x},${y}`)) throw invalid(`${where} overlaps another tile.`);
        taken.add(`${x},${y}`);
      }
  }
}
