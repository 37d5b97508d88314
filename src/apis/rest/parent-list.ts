/** The list of the parents of a home, which the plan and the look at the source need. */
import { everything, type Window } from '../../engine/contracts/home.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Json } from '../../ports/values.ts';
import type { Form } from '../answers/answer-form.ts';
import { bodyOf, fieldOf } from '../answers/envelope.ts';
import { nameTaken, sameRequest } from '../answers/errors.ts';
import { orIfBad } from '../answers/readable.ts';
import { beginning, goesOn, type Page, type Turn, type Walk } from '../lists/pages.ts';
import { type CappedPlace, cappedBeginning } from '../lists/window-cap.ts';
import { braceNames, isLasting, type ListedParent, type ParentFields, parentOf } from '../parents/parents.ts';
import type { Answer, LaterAnswer } from '../requests/requests.ts';
import type { RestConfig } from './config.ts';

/** The time for which a list of parents is used. Within this time, the plans of one run share the list. */
const keptMs = 60_000;

/** The home from which the parents are read. */
export interface ParentHome {
  readonly place: string;
  page(walk: Walk, window: Window): Promise<{ readonly page: Page; readonly answer: Answer } | LaterAnswer>;
  turn(walk: Walk, page: Page): Turn;
  /** The form of answers, to store with the snapshot. */
  form(): Form | undefined;
}

/** The fields of a parent that the requests and rows of its children use. */
export function parentFields({
  of,
  endpoint,
  params = {},
  parent = {},
  changed_by: changedBy,
  parent_key: key = [],
}: RestConfig): ParentFields {
  const texts = [endpoint, ...Object.values(params).filter((value) => typeof value === 'string')];
  return { braces: of === undefined ? [] : [...new Set(texts.flatMap(braceNames))], columns: parent, changedBy, key: [key].flat() };
}

export class ParentList {
  readonly #home: ParentHome;
  readonly #fields: ParentFields;
  readonly #clock: Clock;
  /** The parents listed so far. `next` null: all parents are listed. */
  #listing: { next: Walk | null; readonly found: Map<string, ListedParent>; readonly begunMs: number } | undefined;

  #isEmpty = false;

  constructor(home: ParentHome, fields: ParentFields, clock: Clock) {
    this.#home = home;
    this.#fields = fields;
    this.#clock = clock;
  }

  /** Notes for the plan: the number of requests, and that a renamed parent counts as a new parent. @param goesOn whether the run continues an earlier run. */
  notes(goesOn: boolean): readonly OwnNote[] {
    const { place } = this.#home;
    const { changedBy, braces, key } = this.#fields;
    const which = changedBy === undefined ? '' : ` whose ${changedBy} is not below the watermark`;
    const cost: OwnNote = {
      code: 'api.parents',
      text: `at least one request for each record of ${place}${which}`,
      params: { parents: place },
    };
    const changeable = key.length === 0 ? braces.find((name) => !isLasting(name)) : undefined;
    if (changeable === undefined || !goesOn) return [cost];
    const text = `a record of ${place} whose ${changeable} changes counts as a new parent, and its rows are read again from their beginning: set parent_key to a field that never changes`;
    return [cost, { code: 'api.parents_by_name', text, params: { parents: place, field: changeable } }];
  }

  /** Warnings for a run that continues an earlier run, if the list of parents is empty. After a right is lost, a list looks empty. */
  get warnings(): readonly OwnNote[] {
    if (!this.#isEmpty) return [];
    const { place } = this.#home;
    const text = `${place} lists no record, so there were no parents to read rows of. Perhaps a right was lost. The rows in the store stay`;
    return [{ code: 'api.no_parents', text, params: { parents: place } }];
  }

  /** The form of answers, as in `ParentHome.form`. */
  form(): Form | undefined {
    return this.#home.form();
  }

  /** The parents on the first page. */
  async some(): Promise<{ readonly listed: readonly ListedParent[]; readonly isAll: boolean; readonly answer: Answer } | LaterAnswer> {
    const got = await this.#home.page(beginning, everything);
    if ('notBefore' in got) return got;
    const turned = this.#home.turn(beginning, got.page);
    const { from } = turned;
    const isAll = !goesOn(turned);
    this.#isEmpty = isAll && got.page.records.length === from;
    return { listed: this.#parentsOn(got.page, from), isAll, answer: got.answer };
  }

  /** All parents. If an earlier call was interrupted, this call continues where the earlier call stopped, unless that call was long ago. */
  async all(): Promise<readonly ListedParent[] | LaterAnswer> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#listing !== undefined && nowMs - this.#listing.begunMs > keptMs) this.#listing = undefined;
    const listing = this.#listing ?? { next: beginning, found: new Map(), begunMs: nowMs };
    this.#listing = listing;
    try {
      while (listing.next !== null) {
        const walk: Walk = listing.next;
        const got = await this.#home.page(walk, everything);
        if ('notBefore' in got) return got;
        const { from, next } = this.#home.turn(walk, got.page);
        for (const parent of this.#parentsOn(got.page, from)) {
          const before = listing.found.get(parent.id);
          if (before !== undefined && this.#fields.key.length === 0 && String(before.members) !== String(parent.members))
            throw sameRequest(got.page.name, parent.id);
          listing.found.set(parent.id, parent);
        }
        listing.next = next;
      }
    } catch (error) {
      this.#listing = undefined;
      throw error;
    }
    return [...listing.found.values()];
  }

  #parentsOn({ records, body, name }: Page, from: number): readonly ListedParent[] {
    return records.slice(from).map((record) => parentOf(bodyOf(body, record), this.#fields, name));
  }

  /** @param page a page of children. Throws HomeError HYG-3641 if children already have a field with the name of a parent’s column. */
  mustHaveOtherNames({ body, records: [first], name }: Page): void {
    if (first === undefined) return;
    // An unreadable record counts as a record without the field, since the decoder refuses it later.
    const isIn = (column: string) =>
      orIfBad(
        () => fieldOf(body, first, column) !== undefined,
        () => false,
      );
    const taken = Object.keys(this.#fields.columns).find((column) => !column.includes('.') && isIn(column));
    if (taken !== undefined) throw nameTaken(name, taken);
  }
}

/** The position of a slice: the index of the parent, and the position in the list of its children. Without parents: the position in the only list. */
export interface Place {
  readonly parent: number;
  readonly walk: Walk;
}

/** @param from the position in a checkpoint. Undefined: the beginning. */
export function placeFrom(from: Json | undefined, hasParents: boolean): Place {
  if (from === undefined) return { parent: 0, walk: beginning };
  return hasParents ? (from as unknown as Place) : { parent: 0, walk: from as unknown as Walk };
}

/** The position of a slice whose lists end at a number of records. Without parents: the position in the only list. */
export interface PlaceInCapped {
  readonly parent: number;
  readonly capped: CappedPlace;
}

/** @param from the position in a checkpoint. Undefined: the beginning. */
export function cappedPlaceFrom(from: Json | undefined, hasParents: boolean): PlaceInCapped {
  if (from === undefined) return { parent: 0, capped: cappedBeginning };
  return hasParents ? (from as unknown as PlaceInCapped) : { parent: 0, capped: from as unknown as CappedPlace };
}
