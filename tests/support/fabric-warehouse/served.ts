/** A Warehouse that is written, behind a server of its own, and clients of it that are not hygge's code. */

import { type TdsServer, type TdsServerOptions, tdsServer } from '../tds/server.ts';
import { type Client, tediousTo } from '../tedious.ts';
import { Warehouse, type WarehouseOptions } from './writing.ts';

export interface ServedWarehouse extends AsyncDisposable {
  readonly warehouse: Warehouse;
  readonly server: TdsServer;
  client(): Promise<Client>;
}

export async function servedWarehouse(
  options: WarehouseOptions = {},
  of: Omit<TdsServerOptions, 'answers' | 'closed'> = {},
): Promise<ServedWarehouse> {
  const warehouse = new Warehouse(options);
  const server = await tdsServer({
    ...of,
    answers: (request) => warehouse.answer(request),
    closed: (session) => warehouse.closed(session),
  });
  return {
    ...{ warehouse, server },
    client: () => tediousTo(server),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      warehouse[Symbol.dispose]();
    },
  };
}
