import { type Azure, startAzure, workspace } from '../azure-hosts/azure.ts';
import { type EndpointApi, type EndpointApiOptions, type EndpointTable, endpointApi, type SqlEndpoint } from './endpoint-api.ts';

/** The SQL endpoint of the lakehouse `bronze` in the workspace `Sales`. */
export const bronzeEndpoint = (tables: readonly EndpointTable[] = []): SqlEndpoint => ({
  workspace: workspace.id,
  id: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
  name: 'bronze',
  server: 'localhost',
  lakehouse: '77777777-7777-4777-8777-777777777777',
  tableNames: 'plain',
  tables,
});

/** Azure's hosts with `api.fabric.microsoft.com`, and with the host that Location leads to. */
export interface EndpointsInAzure extends AsyncDisposable {
  readonly azure: Azure;
  readonly api: EndpointApi;
}

/** @param options without endpoints there is that of `bronze`, which has no tables. */
export async function startEndpointsInAzure(options: Partial<Omit<EndpointApiOptions, 'bearer'>> = {}): Promise<EndpointsInAzure> {
  let api: EndpointApi | undefined;
  const azure = await startAzure({
    more: [{ serves: (host) => api?.serves(host) ?? false, to: (request, response) => api?.listener(request, response) }],
  });
  const bearer = (token: string) => azure.entra.bearer(token);
  api = endpointApi({ workspaces: [workspace], endpoints: [bronzeEndpoint()], ...options, bearer });
  return {
    ...{ azure, api },
    [Symbol.asyncDispose]: () => azure[Symbol.asyncDispose](),
  };
}
