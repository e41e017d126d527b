import type { Source } from "./source.ts";

/** A source that begins to read once `begin` resolves; its start does not wait for that. */
export function startAfter(begin: Promise<void>, source: Source): Source {
  let isStopped = false;
  let starting: Promise<void> = Promise.resolve();
  return {
    async start(events) {
      void begin.then(() => {
        if (!isStopped) starting = source.start(events);
      });
    },
    hurry: () => source.hurry?.(),
    async stop() {
      isStopped = true;
      await starting;
      await source.stop();
    },
  };
}
