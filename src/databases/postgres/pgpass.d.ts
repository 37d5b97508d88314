declare module 'pgpass' {
  /** @param done gets undefined if the file does not exist, or has no line for this connection. */
  export default function pgpass(
    of: { readonly host: string; readonly port: number; readonly user: string; readonly database: string },
    done: (password?: string) => void,
  ): void;
}
