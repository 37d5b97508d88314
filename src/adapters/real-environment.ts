/** Environment variables as they were when the process started to look: a copy, so that nothing can change under a run. */
export function realEnvironment(): Readonly<Record<string, string | undefined>> {
  return Object.freeze({ ...process.env });
}
