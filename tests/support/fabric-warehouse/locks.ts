/**
 * Locks of a Warehouse. Source: "Transactions in Fabric Data Warehouse": DDL and TRUNCATE take Sch-M on their table until the transaction ends, which keeps out all
 * others; INSERT, UPDATE, DELETE, MERGE and COPY INTO take IX, which keeps out DDL; SELECT takes Sch-S while it runs. DDL also locks rows of system views, so that
 * a SELECT over them waits for the transaction.
 */
import type { TdsSession } from '../tds/session.ts';
import { ServerError } from '../tsql/sqlite.ts';

export type Mode = 'Sch-S' | 'IX' | 'Sch-M';
export interface Want {
  /** `schema.name`, or `sys` for the system views. */
  readonly of: string;
  readonly mode: Mode;
}

export class Locks {
  readonly #held = new Map<TdsSession, Map<string, Mode>>();
  readonly #waits = new Map<TdsSession, { readonly wants: readonly Want[]; readonly again: () => void }>();

  /** Held until `release`; what only reads is not held at all. */
  async take(session: TdsSession, wants: readonly Want[], signal: AbortSignal): Promise<void> {
    while (this.#blockers(session, wants).length > 0) {
      if (this.#reaches(session, this.#blockers(session, wants), new Set()))
        throw new ServerError(
          1205,
          `Transaction (Process ID ${session.id}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.`,
        );
      await new Promise<void>((done) => {
        this.#waits.set(session, { wants, again: done });
        signal.addEventListener('abort', () => done(), { once: true });
      });
      this.#waits.delete(session);
      if (signal.aborted) throw new ServerError(0, 'The client is gone.');
    }
    const held = this.#held.get(session) ?? new Map<string, Mode>();
    this.#held.set(session, held);
    for (const { of, mode } of wants) if (mode !== 'Sch-S' && held.get(of) !== 'Sch-M') held.set(of, mode);
  }

  release(session: TdsSession): void {
    this.#held.delete(session);
    for (const { again } of this.#waits.values()) again();
  }

  /** Sessions that wait for others now. */
  get waiting(): number {
    return this.#waits.size;
  }

  #blockers(session: TdsSession, wants: readonly Want[]): readonly TdsSession[] {
    return [...this.#held].flatMap(([other, held]) => {
      if (other === session) return [];
      const blocks = wants.some(({ of, mode }) => {
        if (of === 'sys') return [...held.values()].includes('Sch-M');
        const theirs = held.get(of);
        return theirs === 'Sch-M' || (mode === 'Sch-M' && theirs !== undefined);
      });
      return blocks ? [other] : [];
    });
  }

  #reaches(to: TdsSession, from: readonly TdsSession[], seen: Set<TdsSession>): boolean {
    return from.some((one) => {
      if (one === to) return true;
      const wants = this.#waits.get(one)?.wants;
      if (wants === undefined || seen.has(one)) return false;
      seen.add(one);
      return this.#reaches(to, this.#blockers(one, wants), seen);
    });
  }
}
