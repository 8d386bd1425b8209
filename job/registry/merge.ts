/** Many listings as one. */

/**
 * Runs several sequences side by side and passes on what each gives, as it comes. No sequence is asked for more
 * before its last value was taken, so that no more values wait than sequences run.
 *
 * @param atOnce how many run at the same time
 * @throws what the first sequence throws; the others are closed
 */
export async function* merge<S, T>(
  sources: AsyncIterable<S>,
  open: (source: S) => AsyncIterator<T>,
  atOnce: number,
): AsyncGenerator<T> {
  interface Lane {
    readonly sequence: AsyncIterator<T>;
    next: Promise<{ lane: Lane; result: IteratorResult<T> }>;
  }
  const lanes = new Set<Lane>();
  const advance = (lane: Lane) => {
    lane.next = lane.sequence.next().then((result) => ({ lane, result }));
    // Whoever waits for the first of many is told of one error; the others must not go unhandled.
    lane.next.catch(() => {});
  };
  const step = async function* () {
    const { lane, result } = await Promise.race([...lanes].map(({ next }) => next));
    if (result.done) lanes.delete(lane);
    else {
      yield result.value;
      advance(lane);
    }
  };
  try {
    for await (const source of sources) {
      const lane = { sequence: open(source) } as Lane;
      advance(lane);
      lanes.add(lane);
      while (lanes.size >= atOnce) yield* step();
    }
    while (lanes.size > 0) yield* step();
  } finally {
    // Not waited for: one that hangs must not keep the error from being told.
    for (const { sequence } of lanes) void sequence.return?.()?.then(undefined, () => {});
  }
}
