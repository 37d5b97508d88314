import type { ConfigBlob, ConfigBlobs } from '../../src/ports/config-blobs.ts';
import type { Random } from '../../src/ports/random.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import type { VersionsRequest } from '../../src/workspace/versions/versions.ts';

/** What happens around a call: it may wait, count, throw before the call happens, or make the answer be lost. */
export type Around = (call: string) => Promise<'answer' | 'lose the answer'>;

/** A container in memory, on a clock of its own. */
export class MemoryBlobs {
  readonly blobs = new Map<string, { readonly body: Uint8Array; readonly etag: string; readonly modifiedAt: string }>();
  now = Date.parse('2026-11-20T08:00:00.000Z');
  #tags = 0;

  /** The same container for a client of its own. */
  client(around: Around = async () => 'answer'): ConfigBlobs {
    const { blobs } = this;
    const instant = () => new Date(this.now).toISOString();
    const asked = async <T>(call: string, does: () => T): Promise<T> => {
      const fate = await around(call);
      const answer = does();
      if (fate === 'lose the answer') throw new OutcomeUnknown(`no answer to ${call}`);
      return answer;
    };
    const write = (name: string, body: Uint8Array) => {
      this.#tags += 1;
      const etag = `"${this.#tags}"`;
      blobs.set(name, { body, etag, modifiedAt: instant() });
      return { outcome: 'written', etag } as const;
    };
    return {
      url: 'memory://hygge-config',
      now: instant,
      get: (name) => asked(`get ${name}`, () => blobs.get(name)),
      put: (name, body, condition) =>
        asked(`put ${name}`, () => {
          const there = blobs.get(name);
          const holds = 'ifMatch' in condition ? there?.etag === condition.ifMatch : there === undefined;
          return holds ? write(name, body) : ({ outcome: 'refused' } as const);
        }),
      async *list(prefix) {
        const found = await asked(`list ${prefix}`, () =>
          [...blobs].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
        );
        for (const [name, { etag, modifiedAt }] of found) yield { name, etag, modifiedAt } satisfies ConfigBlob;
      },
      remove: (name, ifMatch) =>
        asked(`remove ${name}`, () => {
          if (blobs.get(name)?.etag === ifMatch) blobs.delete(name);
        }),
    };
  }

  text(name: string): string {
    return new TextDecoder().decode(this.blobs.get(name)?.body);
  }

  current(): { readonly id: string; readonly by: string; readonly prev: string | null } {
    return JSON.parse(this.text('current.json'));
  }

  names(prefix = ''): readonly string[] {
    return [...this.blobs.keys()].filter((name) => name.startsWith(prefix)).sort();
  }
}

let ids = 0;
const random: Random = {
  id() {
    ids += 1;
    return `MOVE${String(ids).padStart(8, '0')}`;
  },
  nonce: () => 'abcdefghij',
  fraction: () => 0.5,
};

/** Somebody at work on a container. */
export function person(blobs: ConfigBlobs, by = 'anna@laptop'): VersionsRequest {
  return { blobs, random, by };
}
