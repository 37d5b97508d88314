/** Removes secrets from the output streams of a command. */
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { type Stream, type Surroundings, surroundingsWith } from './surroundings.ts';

/** The same surroundings with streams that hide secrets. All secrets that are known when a text is written are hidden in this text. Piped data is not changed. */
export function withoutSecretsOnScreen<S extends Surroundings>(surroundings: S): S {
  const values = secretValuesOf(surroundings.network);
  const hiding = (stream: Stream): Stream => ({
    write: (text) => stream.write(values.hidden(text)),
    ...(stream.pour === undefined ? {} : { pour: (pieces) => stream.pour?.(pieces) ?? Promise.resolve() }),
    terminal: stream.terminal,
    size: () => stream.size(),
  });
  return surroundingsWith(surroundings, { out: hiding(surroundings.out), err: hiding(surroundings.err) });
}
