/** Who the server takes a session for. */
import type { Session } from '../engine.ts';
import { quotePlainly } from './dialect.ts';

export interface Account {
  /** For people: `loader@%`. */
  readonly shown: string;
  /** As `GRANT … TO` takes it. */
  readonly to: string;
  /** As the lists of grants have it: `'loader'@'%'`, and nothing in it is escaped. */
  readonly grantee: string;
  /** What is in no list of the account's own may come from one. */
  readonly hasRole: boolean;
}

export async function accountOf(session: Session): Promise<Account> {
  const [row] = await session.query('select current_user() as account, current_role() as role');
  const shown = row?.account ?? '';
  const at = shown.lastIndexOf('@');
  const [user, host] = [shown.slice(0, at), shown.slice(at + 1)];
  const to = `${quotePlainly(user)}@${quotePlainly(host)}`;
  return { shown, to, grantee: `'${user}'@'${host}'`, hasRole: row?.role != null && row.role !== 'NONE' };
}
