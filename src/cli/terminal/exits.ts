/** The streams of a command, which no secret leaves by. */
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { type Stream, type Surroundings, surroundingsWith } from './surroundings.ts';

/** The same surroundings, whose streams hide the secrets that the command has met by the time it writes. What is poured is data, and stays unchanged. */
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
