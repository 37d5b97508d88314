/** State whose texts for people contain no secret. */
import type { SecretValues } from '../ports/secrets/values.ts';
import type { StateStore } from '../ports/state.ts';

/** Members with the words of an error or of another system. Other members stay unchanged, because they are compared or read again. */
export const wordy: ReadonlySet<string> = new Set(['what', 'why', 'tryThis', 'statement', 'message', 'reason', 'said']);

/** A state store that hides secrets in the errors and notes that are written to it. */
export function stateWithoutSecrets(state: StateStore, values: SecretValues): StateStore {
  const journalled: ReadonlySet<string> = new Set([...wordy, 'error', 'notes', 'bad_rows']);
  const own: Pick<StateStore, 'write' | 'putObject' | 'appendJournal'> = {
    write: (key, etag, row, journal) =>
      state.write(key, etag, values.hiddenIn(row, wordy), ...(journal === undefined ? [] : [values.hiddenIn(journal, journalled)])),
    putObject: (key, ref, body) => state.putObject(key, ref, values.hiddenIn(body, wordy)),
    appendJournal: (row) => state.appendJournal(values.hiddenIn(row, journalled)),
  };
  return new Proxy(state, {
    get(_, name) {
      if (Object.hasOwn(own, name)) return own[name as keyof typeof own];
      const member: unknown = Reflect.get(state, name, state);
      return typeof member === 'function' ? member.bind(state) : member;
    },
  });
}
