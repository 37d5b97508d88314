/** A copy of the environment variables at the start of the process, so that nothing changes during a run. */
export function realEnvironment(): Readonly<Record<string, string | undefined>> {
  return Object.freeze({ ...process.env });
}
