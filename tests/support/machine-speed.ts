/** What the task below took of a processor on which the limits of tests were chosen. */
const usualMs = 60;

/** How many times as long this machine takes for a task as the one on which the limits of tests were chosen; never less than 1. */
export function slowness(): number {
  const task = () => {
    const rows = Array.from({ length: 1_000 }, (_, id) => ({ id, name: `row ${id}`, at: [id, String(id)] }));
    for (let n = 0; n < 120; n++) JSON.parse(JSON.stringify(rows));
  };
  task();
  const began = process.threadCpuUsage();
  task();
  const { user, system } = process.threadCpuUsage(began);
  return Math.max(1, (user + system) / 1_000 / usualMs);
}
