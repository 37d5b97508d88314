/** Finds the meaning of a missing member in an event’s record. The records of the list show whether the API writes an empty member as null, or leaves the member out. */
import type { Opening } from '../../engine/contracts/connector.ts';
import { deletedColumn } from '../../engine/contracts/home.ts';
import { BadRecord, Lexer } from '../../formats/bytes/json-lexer.ts';
import type { PinnedJson } from '../../formats/json/pinned.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Json } from '../../ports/values.ts';
import { type Body, brace, eachMember } from '../answers/document.ts';
import type { EventsConfig } from './config.ts';
import { partOfEvent } from './errors.ts';
import { shownMember } from './shown.ts';
import { versionColumn } from './versions.ts';

/** The number of records of the list, and for each member, how many records had the member and how often it was null. */
interface Counted {
  readonly records: number;
  readonly members: Readonly<Record<string, readonly [there: number, nulls: number]>>;
}

const nothing: Counted = { records: 0, members: {} };

/** `null`: the list leaves out empty members, so a missing member is empty. `not shown`: the list writes null for empty members, so an event without the member does not show its value. */
type Meaning = 'null' | 'not shown' | 'unknown';

interface Of {
  /** The name of the entity for people: `pay.customers`. */
  readonly entity: string;
  /** The values that identify the list. */
  readonly list: readonly unknown[];
  readonly opening: Pick<Opening, 'ledger' | 'pinned'>;
  readonly config: Pick<EventsConfig, 'key' | 'left_out'>;
}

export class LeftOutMembers {
  readonly #of: Of;
  #seen: { records: number; readonly members: Map<string, [there: number, nulls: number]> } = { records: 0, members: new Map() };
  #known: Counted | undefined;

  constructor(of: Of) {
    this.#of = of;
  }

  /** Counts the members of one record of the list. */
  see(record: Body): void {
    this.#seen.records++;
    for (const { name, isNull } of membersOf(record)) {
      const [there, nulls] = this.#seen.members.get(name) ?? [0, 0];
      this.#seen.members.set(name, [there + 1, nulls + (isNull ? 1 : 0)]);
    }
  }

  /** Stores the counts of the list. @param isBeginning a load begins with these records, so the counts of earlier loads are dropped. */
  async keep(isBeginning: boolean): Promise<void> {
    const { records, members } = this.#seen;
    if (records === 0) return;
    const now: Counted = { records, members: Object.fromEntries(members) };
    await this.#ledger?.change((document) => ({
      to: { version: 1, list: isBeginning ? now : together(countedIn(document), now) } as unknown as Json,
      answer: null,
    }));
    this.#seen = { records: 0, members: new Map() };
  }

  /** Loads the stored counts. Called before events are read. */
  async load(): Promise<void> {
    this.#known ??= (await this.#ledger?.change((document) => ({ answer: countedIn(document) }))) ?? nothing;
  }

  get #ledger() {
    const { opening, list } = this.#of;
    return opening.ledger?.(`members ${shortHash(JSON.stringify(list))}`);
  }

  /**
   * The members that an event shows of its record. Null: the event shows all members. A deleted record does not show its missing members.
   * @param page and number for people. Throws HomeError HYG-3662.
   */
  shownBy(
    record: Body,
    { page, number, isDeleted }: { readonly page: string; readonly number: number; readonly isDeleted: boolean },
  ): readonly string[] | null {
    const { config, entity, opening } = this.#of;
    if (config.left_out === 'null') return null;
    const own = new Set(membersOf(record).map(({ name }) => name));
    const absent = this.expected.filter((name) => !own.has(name));
    if (absent.length === 0) return null;
    if (isDeleted || config.left_out === 'unchanged') return [...own];
    const meaning = new Map(absent.map((name) => [name, this.#meaningOf(name)]));
    const unknown = absent.filter((name) => meaning.get(name) === 'unknown');
    // A run that may not write the state has no counts, so the run continues.
    if (unknown.length > 0 && opening.ledger !== undefined)
      throw partOfEvent(page, entity, { number, missing: unknown, isListSeen: this.#counted.records > 0 });
    const empty = absent.filter((name) => meaning.get(name) !== 'not shown');
    return empty.length === absent.length ? null : [...own, ...empty];
  }

  /** The names of the members that records of the list have. */
  get expected(): readonly string[] {
    const listed = Object.keys(this.#counted.members);
    if (listed.length > 0) return listed;
    const { format } = (this.#of.opening.pinned ?? {}) as { readonly format?: PinnedJson };
    return [
      ...new Set(
        (format?.columns ?? []).flatMap(({ path: [name], absent }) => (name === undefined || absent || own.has(name) ? [] : [name])),
      ),
    ];
  }

  get #counted(): Counted {
    return this.#known ?? nothing;
  }

  #meaningOf(name: string): Meaning {
    const { records, members } = this.#counted;
    const [there, nulls] = members[name] ?? [0, 0];
    if (records > 0 && there > 0 && nulls > 0 !== there < records) return nulls > 0 ? 'not shown' : 'null';
    if (nulls > 0 || there < records || records === 0) return 'unknown';
    // If each record of the list had a value in this member, the other members show how the API writes empty members.
    const all = Object.values(members);
    const [writesNull, leavesOut] = [all.some(([, some]) => some > 0), all.some(([some]) => some < records)];
    if (writesNull === leavesOut) return 'unknown';
    return writesNull ? 'not shown' : 'null';
  }
}

/** Columns that hygge adds. */
const own: ReadonlySet<string> = new Set([versionColumn, deletedColumn, shownMember]);

function countedIn(document: Json): Counted {
  const { version, list } = (document ?? {}) as { readonly version?: number; readonly list?: Counted };
  return version === 1 && list !== undefined ? list : nothing;
}

function together(before: Counted, now: Counted): Counted {
  const names = [...new Set([...Object.keys(before.members), ...Object.keys(now.members)])];
  const sum = (name: string, at: 0 | 1) => (before.members[name]?.[at] ?? 0) + (now.members[name]?.[at] ?? 0);
  return {
    records: before.records + now.records,
    members: Object.fromEntries(names.map((name) => [name, [sum(name, 0), sum(name, 1)] as const])),
  };
}

/** The members of a record. The answer has the first members of an unreadable record, since the decoder refuses the record later. */
function membersOf({ bytes, length }: Body): readonly { readonly name: string; readonly isNull: boolean }[] {
  const lexer = new Lexer(false);
  lexer.load(bytes, 0, length);
  const found: { name: string; isNull: boolean }[] = [];
  try {
    if (lexer.space() !== brace) return [];
    eachMember(lexer, (name) => {
      const isNull = bytes[lexer.p] === 0x6e;
      lexer.skipValue();
      found.push({ name, isNull });
    });
    return found;
  } catch (error) {
    if (error instanceof BadRecord) return found;
    throw error;
  }
}
