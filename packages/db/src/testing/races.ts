/**
 * What comes of a race that is lost when its defence is taken away. Those who race do not always meet, least
 * of all on a busy machine, so they race again until it `isLost`, twenty times at the most.
 */
export async function raceUntil<T>(isLost: (outcome: T) => boolean, race: () => Promise<T>): Promise<T> {
  let outcome = await race();
  for (let rounds = 1; !isLost(outcome) && rounds < 20; rounds += 1) outcome = await race();
  return outcome;
}
