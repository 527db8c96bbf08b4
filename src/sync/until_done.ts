/** All of them end before the first error is told: nobody may still be at work when what they share is closed. */
export async function untilDone(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
