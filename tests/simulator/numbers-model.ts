/**
 * The numbers of one decided commit in a landing zone, as a model whose states are all visited: finishers that may stop before every call, a replicator that takes a
 * number, a cleaner that removes what was taken, and a person who gives the commit up and has another content published. docs/protocol.md, "Numbers of a mirrored table".
 */

/** The rules that can be switched off, to show that each is needed. */
export type Switch =
  | 'no record'
  | 'recorded after the rename'
  | 'a number that may be there counts as unused'
  | 'the age is looked at before the folder'
  | 'a token that was staged counts as unused';

/** How many numbers the commit has, and how many finishers go through them. */
const numbers = 2;
const finishers = 2;

type Place = 'staged' | 'lost' | 'waits' | 'taken' | 'removed';

interface State {
  /** Where the file of each number is. */
  readonly files: readonly Place[];
  /** All numbers before it are there, and it may be; 0: nothing was recorded. */
  readonly record: number;
  /** Whether the record is older than Fabric's cleaning. */
  readonly isOld: boolean;
  readonly head: 'before' | 'commit' | 'given up' | 'made anew';
  /** The next call of each finisher; `ended` holds what it said. */
  readonly at: readonly (number | 'look' | 'head' | 'ended')[];
  readonly said: readonly ('' | 'committed' | 'nothing was published' | 'nothing was published, which is wrong' | 'cannot be told')[];
  /** How far a person is who gives the commit up, which may take weeks. */
  readonly person: 'away' | 'has taken the token' | 'sees no number' | 'sees a number' | 'sees a young record';
  /** Numbers that another commit published after this one was given up. */
  readonly others: number;
}

const beginning: State = {
  files: Array.from({ length: numbers }, () => 'staged'),
  record: 0,
  isOld: false,
  head: 'before',
  at: Array.from({ length: finishers }, () => 'look'),
  said: Array.from({ length: finishers }, () => ''),
  person: 'away',
  others: 0,
};

const put = <T>(list: readonly T[], i: number, value: T): readonly T[] => list.map((one, at) => (at === i ? value : one));
const isListed = (place: Place | undefined) => place === 'waits' || place === 'taken';
const wasThere = (place: Place | undefined) => isListed(place) || place === 'removed';

/** What a look at staged files, listing and record says of a number (1, 2, …) that is not staged. */
function knownOf({ files, record, isOld }: State, number: number, off: ReadonlySet<Switch>): 'there' | 'unused' | 'unclear' {
  if (record > number || files.some((place, i) => i + 1 >= number && isListed(place))) return 'there';
  if (off.has('no record') || off.has('a number that may be there counts as unused')) return 'unused';
  return record === number && isOld ? 'unclear' : 'unused';
}

/** What a finisher says of the commit when it misses a number. */
function verdict(state: State, off: ReadonlySet<Switch>): State['said'][number] {
  const first = state.files[0] === 'staged' ? 'unused' : knownOf(state, 1, off);
  if (first !== 'unused') return 'cannot be told';
  return state.files.some(wasThere) ? 'nothing was published, which is wrong' : 'nothing was published';
}

function ended(state: State, who: number, said: State['said'][number]): State {
  return { ...state, at: put(state.at, who, 'ended'), said: put(state.said, who, said) };
}

/** A finisher's next call. Records and renames are calls of their own: in between it may stop for good. */
function step(state: State, who: number, off: ReadonlySet<Switch>): State | undefined {
  const at = state.at[who];
  if (at === undefined || at === 'ended') return undefined;
  if (state.head !== 'before') return ended(state, who, state.head === 'commit' ? 'committed' : '');
  if (at === 'look') {
    const isWhole = state.files.every((place, i) => place === 'staged' || knownOf(state, i + 1, off) === 'there');
    return isWhole ? { ...state, at: put(state.at, who, 0) } : ended(state, who, verdict(state, off));
  }
  if (at === 'head') return ended({ ...state, head: 'commit' }, who, 'committed');
  const i = Math.floor(at / 2);
  const recordsNow = (at % 2 === 0) !== off.has('recorded after the rename');
  const next = (changed: State): State => ({ ...changed, at: put(changed.at, who, at + 1 === 2 * numbers + 1 ? 'head' : at + 1) });
  if (recordsNow || i === numbers) {
    const isNew = !off.has('no record') && state.record < i + 1;
    return next(isNew ? { ...state, record: i + 1, isOld: false } : state);
  }
  if (state.files[i] === 'staged') return next({ ...state, files: put(state.files, i, 'waits') });
  return knownOf(state, i + 1, off) === 'there' ? next(state) : ended(state, who, verdict(state, off));
}

/** The token goes first: from then on number 1 is published, or never will be. */
function givesUp(state: State, off: ReadonlySet<Switch>): State | undefined {
  const [token] = state.files;
  const withoutToken = token === 'staged' ? put(state.files, 0, 'lost') : state.files;
  switch (state.person) {
    case 'away': {
      if (!state.said.some((said) => said !== '' && said !== 'committed')) return undefined;
      if (off.has('a token that was staged counts as unused') && token === 'staged') return { ...state, person: 'sees a young record' };
      if (off.has('the age is looked at before the folder') && isUnused(state, off)) return { ...state, person: 'sees a young record' };
      return { ...state, person: 'has taken the token', files: withoutToken };
    }
    case 'sees a young record':
      return state.head === 'before' && !isListed(token) ? { ...state, files: withoutToken, head: 'given up' } : undefined;
    case 'has taken the token':
      return { ...state, person: isListed(token) ? 'sees a number' : 'sees no number' };
    default:
      if (state.head !== 'before') return undefined;
      return { ...state, head: state.person === 'sees no number' && isUnused(state, off) ? 'given up' : 'made anew' };
  }
}

const isUnused = (state: State, off: ReadonlySet<Switch>) => knownOf(state, 1, off) === 'unused';

/** All that may happen next. */
function* after(state: State, off: ReadonlySet<Switch>): Generator<readonly [what: string, state: State]> {
  for (const who of state.at.keys()) {
    const next = step(state, who, off);
    if (next) yield [`finisher ${who + 1} goes on`, next];
  }
  const first = state.files.indexOf('waits');
  if (first >= 0 && state.files.slice(0, first).every(wasThere))
    yield [`Fabric takes ${first + 1}`, { ...state, files: put(state.files, first, 'taken') }];
  if (!state.isOld && state.record > 0) yield ['weeks pass', { ...state, isOld: true }];
  // Of what is recorded, nothing younger is removed.
  const isDue = state.isOld || state.record === 0 || off.has('no record') || off.has('recorded after the rename');
  const taken = state.files.indexOf('taken');
  if (taken >= 0 && (isDue || state.record > taken + 1))
    yield [`Fabric removes ${taken + 1}`, { ...state, files: put(state.files, taken, 'removed') }];
  const waiting = state.files.lastIndexOf('staged');
  if (waiting >= 0) yield [`somebody removes the staged file of ${waiting + 1}`, { ...state, files: put(state.files, waiting, 'lost') }];
  const given = givesUp(state, off);
  if (given) yield ['a person gives the commit up', given];
  if (state.head === 'given up' && state.others < numbers) yield ['another commit publishes', { ...state, others: state.others + 1 }];
}

/** What must never be. */
function wrong({ files, head, said, others }: State): string | undefined {
  const used = files.filter(wasThere).length;
  if (others > 0 && files.slice(0, others).some(wasThere)) return 'a number has two contents';
  if (head === 'commit' && used < numbers) return 'the head lists a number that was never published';
  if (said.includes('nothing was published, which is wrong')) return 'it is said that nothing was published, and a number was';
  return undefined;
}

/** Visits every state. @returns how many there are, and of the shortest way to a wrong one what happens on it. */
export function explore(off: readonly Switch[] = []): {
  readonly states: number;
  readonly wrong: string | null;
  readonly trace: readonly string[];
  readonly ends: ReadonlySet<State['head']>;
} {
  const switches = new Set(off);
  const from = new Map<string, readonly [what: string, before: string] | null>([[JSON.stringify(beginning), null]]);
  const ends = new Set<State['head']>();
  const queue: State[] = [beginning];
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    const here = JSON.stringify(state);
    ends.add(state.head);
    const fault = wrong(state);
    if (fault !== undefined) return { states: from.size, wrong: fault, trace: wayTo(from, here), ends };
    for (const [what, next] of after(state, switches)) {
      const name = JSON.stringify(next);
      if (from.has(name)) continue;
      from.set(name, [what, here]);
      queue.push(next);
    }
  }
  return { states: from.size, wrong: null, trace: [], ends };
}

function wayTo(from: ReadonlyMap<string, readonly [string, string] | null>, end: string): readonly string[] {
  const trace: string[] = [];
  for (let step = from.get(end); step; step = from.get(step[1])) trace.unshift(step[0]);
  return trace;
}
