/** What SQLite and its file say, for a person. */
import { ConnectionError } from '../../errors/hygge-error.ts';
import type { About, DatabaseError } from '../engine.ts';

/** Result codes: https://www.sqlite.org/rescode.html. The upper bytes only say more. */
const names: Readonly<Record<number, string>> = {
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  19: 'SQLITE_CONSTRAINT',
  26: 'SQLITE_NOTADB',
};

export function codeOf(errcode: number): string {
  return errcode === 0 ? '' : (names[errcode % 256] ?? 'SQLITE_ERROR');
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

export function explain(error: DatabaseError, { place }: About): ConnectionError {
  const { code, message } = error;
  const of = { why: [sentence(message)], cause: error };
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED')
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6521', what: `Another program kept ${place} locked for too long.`, transient: true },
      tryThis: [
        'See who has the file open: a shell or an editor of databases with a transaction that was not ended',
        'Or wait longer: busy_timeout of the connection, in seconds',
      ],
    });
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT')
    return new ConnectionError({
      ...{ ...of, code: 'HYG-6522', what: `${place} is no database of SQLite, or is damaged.` },
      tryThis: ['Check `path` of the connection', 'Put the file back from a backup'],
    });
  return new ConnectionError({
    ...{ ...of, code: 'HYG-6520', what: `${place} can't be opened.`, transient: error.isLost },
    tryThis: [
      'Check `path` of the connection: a relative one is against the folder of hygge.yml',
      'Let whoever runs hygge read and write the file and its folder, where SQLite keeps its log beside it',
    ],
  });
}
