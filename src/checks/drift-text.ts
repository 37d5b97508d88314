/** Words for drift: for errors, and for messages of plans and runs. Stored drift has no words (ports/notes.ts). */
import type { DriftTold } from '../ports/events.ts';
import type { DriftFound, DriftOutcome } from '../ports/notes.ts';

type Changed = Pick<DriftFound, 'kind' | 'column' | 'before' | 'now' | 'renamed_to'>;

/** What changed: `column email (string) is new`. */
export function changeText({ kind, column, before, now, renamed_to: renamed }: Changed): string {
  switch (kind) {
    case 'added':
      return `column ${column} (${now}) is new`;
    case 'removed':
      return `column ${column} is gone${renamed === undefined ? '' : ` (renamed to ${renamed}?)`}`;
    case 'returned':
      return `column ${column} is there again`;
    case 'type':
      return `column ${column} was ${shownType(before, now)} and is ${shownType(now, before)} now`;
    case 'nullable':
      return `column ${column} is ${now} now`;
    case 'reordered':
      return 'the columns are in another order';
    case 'key':
      return `the key was ${before} and is ${now} now`;
  }
}

/** The most characters of a type that are shown. */
const longestType = 200;
const mostMembers = 5;

/** The text of a type. For a struct with many members: only the members that are missing in the other type. */
function shownType(type: string | null | undefined, other: string | null | undefined): string {
  if (type == null || type.length <= longestType) return `${type}`;
  if (!isStruct(type) || other == null || !isStruct(other)) return `${type.slice(0, longestType)}…`;
  const there = new Set(membersOf(other));
  const own = membersOf(type);
  const differing = own.filter((member) => !there.has(member));
  const shown = differing
    .slice(0, mostMembers)
    .map((member) => (member.length <= longestType ? member : `${member.slice(0, longestType)}…`));
  const left = own.length - shown.length;
  return `struct<${[...shown, ...(left > 0 ? [`… ${left} more`] : [])].join(', ')}>`;
}

const isStruct = (type: string): boolean => type.startsWith('struct<') && type.endsWith('>');

function membersOf(struct: string): readonly string[] {
  const inside = struct.slice('struct<'.length, -1);
  const members: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < inside.length; at++) {
    const one = inside[at] ?? '';
    if ('<([{'.includes(one)) depth++;
    else if ('>)]}'.includes(one)) depth--;
    else if (one === ',' && depth === 0) {
      members.push(inside.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...members, inside.slice(from).trim()];
}

/** The effect of a change, in one sentence. */
export function outcomeText(outcome: DriftOutcome | string): string {
  if (typeof outcome === 'string') return outcome;
  switch (outcome.code) {
    case 'stops':
      return 'the run stops';
    case 'settles':
      return 'it settles from now on; rows settled before have null there';
    case 'settles_in_all':
      return 'it settles from now on';
    case 'left_out':
      return 'it is left out';
    case 'dropped':
      return 'the destination loses it as well';
    case 'stays_null':
      return 'it stays, and new rows have null there';
    case 'null_meanwhile':
      return `rows that settled since ${outcome.since.slice(0, 10)} have null there until they are read again, as by a full load`;
    case 'may_be_null':
      return 'it may settle as null from now on';
    case 'stays_nullable':
      return 'it stays nullable in the destination';
    case 'by_name':
      return 'columns settle by name, in the order they have';
    case 'first_value':
      return `it had no value so far; its first values decide its type: it settles as ${outcome.type}`;
    case 'same_again':
      return `it is ${outcome.type} again, like the settled column`;
    case 'converted':
      return `values are converted to ${outcome.type}; a value that does not fit exactly stops the run`;
    case 'fits':
      return `every value fits ${outcome.type}, the settled type`;
    case 'widened': {
      const old =
        outcome.before === null ? 'all rows are rewritten' : `files that settled before stay ${outcome.before}, but a table is altered`;
      return `it settles as ${outcome.type} from now on; ${old}`;
    }
    case 'no_common_type':
      return `no type can store both ${shownType(outcome.settled, outcome.now)} and ${shownType(outcome.now, outcome.settled)}: the run stops`;
    case 'no_conversion':
      return `there is no exact conversion from ${shownType(outcome.now, outcome.settled)} to ${shownType(outcome.settled, outcome.now)}: the run stops`;
    case 'new_column':
      return `it settles as ${outcome.as} from now on; ${outcome.column} stays for the rows settled before`;
    case 'anew':
      return `${outcome.gone ? 'the destination loses it as well' : 'it settles as the source has it'}: all rows are rewritten`;
    case 'key':
      return outcome.columns.length === 0
        ? 'no column identifies a row any more'
        : `rows are identified by ${outcome.columns.join(', ')} from now on`;
  }
}

/** The full text: the change, its first day, its effect, and the policy that decided. */
export function driftSentence(found: Changed & Pick<DriftFound, 'policy' | 'outcome'>, since?: string): string {
  const when = since === undefined ? '' : ` since ${since}`;
  const who = found.policy === null ? '' : ` (${found.policy})`;
  return `${changeText(found)}${when}: ${outcomeText(found.outcome)}${who}`;
}

/** The drift with its words, for events and answers. */
export function driftTold(found: DriftFound): DriftTold {
  const { kind, column, outcome, ...more } = found;
  return { kind, column, change: changeText(found), ...more, outcome: outcomeText(outcome) };
}
