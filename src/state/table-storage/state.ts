import type { JournalFilter, JournalRow, ObjectRef, StateRow, StateStore } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';
import type { JournalDamage } from '../journal.ts';
import type { Account, Action } from './account.ts';
import { JournalTable, removeRows } from './journal.ts';
import { keyPart, nameIn, stateKey, stateKeyRange } from './keys.ts';
import { ObjectBlobs } from './objects.ts';
import { stateIn, stateTableRow } from './state-rows.ts';
import { rangeFilter, Table } from './table.ts';

export interface TableStateRequest {
  readonly account: Account;
  /** The location of the state for messages and for stores; absent: the location of the account. */
  readonly location?: string;
  /** Called if the journal has rows that can't be read. */
  readonly onDamage?: (damage: JournalDamage) => void;
}

/**
 * State in Table Storage: a partition for each flow with its state rows and its journal. Objects are blobs. Tables:
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions. Throws StateError HYG-5001…5005, 5007…5009 and
 * `OutcomeUnknown`.
 */
export function tableState({ account, location = account.place, onDamage = () => undefined }: TableStateRequest): StateStore {
  return new TableState(account, location, onDamage);
}

class TableState implements StateStore {
  readonly location: string;
  readonly #account: Account;
  readonly #table: Table;
  readonly #journal: JournalTable;
  readonly #objects: ObjectBlobs;

  constructor(account: Account, location: string, onDamage: (damage: JournalDamage) => void) {
    this.location = location;
    this.#account = account;
    this.#table = new Table(account);
    this.#journal = new JournalTable(this.#table, account.place, onDamage);
    this.#objects = new ObjectBlobs(account);
  }

  now(): Instant | undefined {
    return this.#account.now();
  }

  async read(key: EntityKey): Promise<{ row: StateRow; etag: string } | undefined> {
    const found = await this.#table.get({ partition: keyPart(key.flow), row: stateKey(key.entity) });
    return found && { row: stateIn(key, this.location, found), etag: found.etag };
  }

  async write(key: EntityKey, etag: string | undefined, row: StateRow, journal?: JournalRow): Promise<'written' | 'moved'> {
    // The service treats an impossible etag as an invalid request.
    if (etag !== undefined && !/^W\/"[^"]*"$/.test(etag)) return 'moved';
    const entity = stateTableRow(key, row);
    const moving: Action = etag === undefined ? ['create', entity] : ['update', entity, 'Replace', { etag }];
    if (journal === undefined) return await this.#moved([moving]);
    if ((await this.#moved([moving, ...this.#journal.creating(journal)])) === 'written') return 'written';
    // Either the row has changed, or the entity run is already in the journal. In the second case, only the state row is written.
    return (await this.#etagOf(key)) === etag ? await this.#moved([moving]) : 'moved';
  }

  async #moved(actions: readonly Action[]): Promise<'written' | 'moved'> {
    return (await this.#table.change(actions)) === 'done' ? 'written' : 'moved';
  }

  async #etagOf(key: EntityKey): Promise<string | undefined> {
    return (await this.#table.get({ partition: keyPart(key.flow), row: stateKey(key.entity) }))?.etag;
  }

  putObject(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json> {
    return this.#objects.put(key, ref, body);
  }

  getObject(key: EntityKey, ref: ObjectRef): Promise<Json | undefined> {
    return this.#objects.get(key, ref);
  }

  removeObjects(key: EntityKey, refs: readonly ObjectRef[]): Promise<void> {
    return this.#objects.remove(key, refs);
  }

  listObjects(key: EntityKey, prefix: string): Promise<readonly ObjectRef[]> {
    return this.#objects.list(key, prefix);
  }

  appendJournal(row: JournalRow): Promise<void> {
    return this.#journal.append(row);
  }

  journal(filter: JournalFilter): Promise<readonly JournalRow[]> {
    return this.#journal.read(filter);
  }

  pruneJournal(before: Instant): Promise<number> {
    return this.#journal.prune(before);
  }

  async entities(): Promise<readonly EntityKey[]> {
    const keys: EntityKey[] = [];
    for await (const partition of this.#table.partitions()) {
      const rows = this.#table.rows(rangeFilter(partition, stateKeyRange), { select: ['PartitionKey', 'RowKey', 'entity', 'flow'] });
      for await (const row of rows) {
        const flow = nameIn(partition) ?? row.flow;
        // If a name is too long for a key, the key contains a shortened name. The row contains the full name.
        const entity = nameIn(row.rowKey?.slice(stateKeyRange.from.length) ?? '') ?? row.entity;
        if (typeof flow === 'string' && typeof entity === 'string') keys.push({ flow, entity });
      }
    }
    return keys;
  }

  /** Creates a missing table and container, as the first run would. */
  async probe(name: string): Promise<void> {
    const partitionKey = '|probe'; // a key that no flow has, because keys of flows contain no `|`
    await this.#table.change([['create', { partitionKey, rowKey: name }]]);
    await removeRows(this.#table, partitionKey, [name]);
    const nobody = { flow: '', entity: '' };
    await this.#objects.put(nobody, `probes/${name}`, null);
    await this.#objects.remove(nobody, [`probes/${name}`]);
  }
}
