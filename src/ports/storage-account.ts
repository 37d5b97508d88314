import type { Secret } from './secret.ts';

/** The way into a storage account: by a connection string (account key or SAS), or as whoever the process is to Entra ID. */
export type StorageAccess =
  | { readonly by: 'connection string'; readonly text: Secret }
  | {
      readonly by: 'identity';
      /** `https://<account>.table.core.windows.net`, without a slash at the end. */
      readonly tableUrl: string;
      /** `https://<account>.blob.core.windows.net`, without a slash at the end. */
      readonly blobUrl: string;
      /** Which of several user-assigned managed identities; null: the only one, or whoever is signed in. */
      readonly clientId: string | null;
    };
