declare module 'pgpass' {
  /** @param done undefined: there is no file, or no line for this connection. */
  export default function pgpass(
    of: { readonly host: string; readonly port: number; readonly user: string; readonly database: string },
    done: (password?: string) => void,
  ): void;
}
