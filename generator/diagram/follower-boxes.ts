/**
 * The followers: a card for each of few, as they are branches by name in the workflow; many, which are a loop there,
 * stand in a box for each way they are treated.
 */
import { mostBranches } from '../compile/main.ts';
import { destinationId } from '../names.ts';
import {
  type CopyPlan,
  type DestinationPlan,
  type RepositoryName,
  resourceName,
  type WorkflowPlan,
} from '../plan.ts';
import {
  at,
  type Box,
  drawFrame,
  drawLines,
  drawText,
  type Line,
  linesHeight,
  linesWidth,
  padding,
  widest,
} from './box.ts';
import { count, settingsInWords } from './settings.ts';
import { type DestinationState, drawState, stateWords } from './state.ts';
import { element, type Markup } from './svg.ts';
import { lineHeight, widthOf, wrap } from './text.ts';

/** One box, and where in the workflow its arrow comes from. */
export interface FollowerBox extends Box {
  readonly engine: CopyPlan['engine'];
}

type States = ReadonlyMap<string, DestinationState>;

/** More ways of treating followers than this are told at each follower instead. */
const mostGroups = 8;

/** What a column of a box of many holds before there is another, if there is room for it. */
const fullColumn = 8;

/** Pixels that a box of many has for its columns, as long as they do not grow taller than this. */
const usualGrid = { width: 620, height: 800 };

/** Between a follower's names and its settings. */
const settingsGap = 5;

const chipPadding = { x: 10, y: 4 };
const chipGap = 6;

/** @param room pixels that a box may be wide */
export function followerBoxes(plan: WorkflowPlan, states: States, room: number): FollowerBox[] {
  const { destinations } = plan;
  const one = (destination: DestinationPlan) => followerCard(destination, states);
  if (destinations.length <= mostBranches) return destinations.map(one);
  const groups = [
    ...groupBy(destinations, (destination) => JSON.stringify(settingsInWords(destination))).values(),
  ];
  if (groups.length <= mostGroups)
    return groups.map((group) => {
      const [first] = group;
      if (group.length === 1 && first) return one(first);
      return grid(group, first ? settingsLines(first) : [], () => [], {
        plan,
        states,
        room: room - 2 * padding.x,
      });
    });
  return [...groupBy(destinations, ({ copy }) => copy.engine).values()].map((group) =>
    grid(group, [{ face: 'note', text: 'each with settings of its own' }], settingsLines, {
      plan,
      states,
      room: room - 2 * padding.x,
    }),
  );
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** A repository as the tables of the commands name it: `europe-west1/acme/prod`. */
export function shortName({ location, project, repository }: RepositoryName): string {
  return `${location}/${project}/${repository}`;
}

function settingsLines(destination: DestinationPlan): Line[] {
  return settingsInWords(destination).flatMap((text) =>
    wrap(text, 'note', widest, 3).map((line): Line => ({ face: 'note', text: line })),
  );
}

function followerCard(destination: DestinationPlan, states: States): FollowerBox {
  const { id, repository, copy } = destination;
  const state = states.get(id);
  const names: Line[] = [
    ...wrap(id, 'title', widest, 2).map((text): Line => ({ face: 'title', text })),
    ...wrap(shortName(repository), 'name', widest).map(
      (text): Line => ({ face: 'name', text, isQuiet: true }),
    ),
  ];
  const settings = settingsLines(destination);
  const settingsTop = padding.y + linesHeight(names) + settingsGap;
  const corner = state ? stateWords[state] : 'FOLLOWER';
  const sign = state ? 20 : 0;
  const cornerWidth = sign + widthOf(corner, 'kind');
  const [title] = names;
  const titleWidth = (title ? widthOf(title.text, title.face) : 0) + 16 + cornerWidth;
  const width = Math.ceil(Math.max(titleWidth, linesWidth([...names, ...settings])) + 2 * padding.x);
  const height =
    settings.length > 0
      ? settingsTop + linesHeight(settings) + padding.y
      : settingsTop + padding.y - settingsGap;
  const draw = (wide: number) => {
    const end = wide - padding.x;
    return follower(
      destination,
      state,
      ...drawFrame(wide, height),
      ...drawLines(names, padding.x, padding.y),
      ...drawLines(settings, padding.x, settingsTop),
      ...(state ? [drawState(state, end - 7, padding.y + lineHeight / 2)] : []),
      drawText({ face: 'kind', text: corner, isQuiet: !state, anchor: 'end' }, end - sign, padding.y),
    );
  };
  return { width, height, draw, engine: copy.engine };
}

/** What belongs to one follower, with its full name for whoever points at it. */
function follower(
  { id, repository }: DestinationPlan,
  state: DestinationState | undefined,
  ...parts: readonly Markup[]
): Markup {
  const title = `${id}${state ? `, ${stateWords[state]}` : ''}: ${resourceName(repository)}`;
  const className = state ? `follower ${state}` : 'follower';
  return element('g', { class: className, 'data-destination': id }, element('title', {}, title), ...parts);
}

/**
 * Many followers in columns.
 *
 * @param common what holds for all of them
 * @param own what is said of each
 */
function grid(
  group: readonly DestinationPlan[],
  common: readonly Line[],
  own: (destination: DestinationPlan) => readonly Line[],
  { plan, states, room }: { readonly plan: WorkflowPlan; readonly states: States; readonly room: number },
): FollowerBox {
  const heading: Line[] = [{ face: 'title', text: count(group.length, 'follower') }, ...common];
  const tally = drawTally(group, states);
  // An id that was cut does not tell the repository.
  const isNamed = group.some(({ id, repository }) => !tellsRepository(id, repository, plan.project));
  const chips = group.map((destination) => {
    const lines: Line[] = [{ face: 'chip', text: destination.id }];
    if (isNamed)
      for (const text of wrap(shortName(destination.repository), 'note', widest))
        lines.push({ face: 'note', text, isQuiet: true });
    lines.push(...own(destination));
    return { destination, lines, state: states.get(destination.id) };
  });
  const badge = chips.some(({ state }) => state) ? 20 : 0;
  const chipWidth = Math.ceil(
    Math.max(...chips.map(({ lines }) => linesWidth(lines))) + 2 * chipPadding.x + badge,
  );
  const fit = (width: number) => Math.max(1, Math.floor((width + chipGap) / (chipWidth + chipGap)));
  const heightOf = (chip: { lines: readonly Line[] }) => linesHeight(chip.lines) + 2 * chipPadding.y;
  const whole = chips.reduce((total, chip) => total + heightOf(chip) + chipGap, 0);
  const usual = fit(Math.min(room, usualGrid.width));
  const most = whole / usual > usualGrid.height ? fit(room) : usual;
  const columns = Math.min(most, Math.ceil(group.length / fullColumn));
  const perColumn = Math.ceil(group.length / columns);
  const top = padding.y + linesHeight(heading) + tally.height + 10;
  let [bottom, y] = [top, top];
  const drawn = chips.map((chip, index) => {
    const { destination, lines, state } = chip;
    if (index % perColumn === 0) y = top;
    const x = padding.x + Math.floor(index / perColumn) * (chipWidth + chipGap);
    const height = heightOf(chip);
    const parts = [
      element('rect', { class: 'chip-frame', x, y, width: chipWidth, height, rx: 5 }),
      ...(state ? [drawState(state, x + chipPadding.x + 5, y + chipPadding.y + lineHeight / 2)] : []),
      ...drawLines(lines, x + chipPadding.x + badge, y + chipPadding.y),
    ];
    y += height + chipGap;
    bottom = Math.max(bottom, y - chipGap);
    return follower(destination, state, ...parts);
  });
  const inner = Math.max(linesWidth(heading), tally.width, columns * (chipWidth + chipGap) - chipGap);
  const [width, height] = [Math.ceil(inner + 2 * padding.x), bottom + padding.y];
  const draw = (wide: number) =>
    element(
      'g',
      { class: 'followers' },
      ...drawFrame(wide, height),
      ...drawLines(heading, padding.x, padding.y),
      at(padding.x, padding.y + linesHeight(heading), tally.parts),
      ...drawn,
    );
  // The arrow points at the heading, so that the workflow stands at the top of however many followers.
  const ports = [padding.y + linesHeight(heading), height - padding.y - linesHeight(heading)];
  return { width, height, ports, draw, engine: group[0]?.copy.engine ?? 'api' };
}

function tellsRepository(id: string, repository: RepositoryName, home: string): boolean {
  const { location, repository: name } = repository;
  return destinationId(repository, home) === id && id.startsWith(`${location}-${name}`);
}

/** How many of a group came to what. */
function drawTally(group: readonly DestinationPlan[], states: States) {
  const parts: Markup[] = [];
  let x = 0;
  for (const state of Object.keys(stateWords) as DestinationState[]) {
    const number = group.filter(({ id }) => states.get(id) === state).length;
    if (number === 0) continue;
    const text = `${number} ${stateWords[state]}`;
    parts.push(drawState(state, x + 7, 6 + lineHeight / 2), drawText({ face: 'kind', text }, x + 20, 6));
    x += 20 + widthOf(text, 'kind') + 14;
  }
  return { parts, width: x, height: x > 0 ? 6 + lineHeight : 0 };
}
