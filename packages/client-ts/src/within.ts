/** Questions that are given up: a node that takes a connection and never answers would hold up whoever waits for it. */
import { SdpError } from "./errors.ts";

/** Milliseconds until a question is given up. */
export const PATIENCE = 15_000;

/** What was asked, or the error of one that has not answered within so many milliseconds. */
export async function within<T>(asked: Promise<T>, milliseconds = PATIENCE): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    const text = `no answer within ${milliseconds / 1_000} s`;
    timer = setTimeout(() => reject(new SdpError("network", text)), milliseconds);
  });
  try {
    return await Promise.race([asked, over]);
  } finally {
    clearTimeout(timer);
  }
}
