/** Previews: what a message would do, asked while somebody types. The contract's own code answers, in the browser where that is possible. */
import { useEffect, useState } from "preact/hooks";
import { live } from "../app/session.ts";
import type { Price } from "@sdp/client";
import { ask, askAt } from "./local.ts";
import { isAnswer, type Answer, type Arguments } from "./live.ts";

export interface Preview<T> {
  answer: Answer<T> | null;
  error: unknown;
  busy: boolean;
}

/** Milliseconds after the last key before anything is asked. */
const settle = 120;

interface Where {
  contract?: string;
  /** As if feeds had these prices, by their numbers. */
  prices?: [number, Price][] | null;
}

interface Found<T> extends Preview<T> {
  /** What was asked. */
  key: string | null;
}

/** The chain said no; or nothing was heard of this block, and what the one before it answered to the same question stays. */
function failed<T>(before: Found<T>, error: unknown, key: string): Found<T> {
  if (!isAnswer(error) && before.key === key && before.answer) return before;
  return { answer: null, error, busy: false, key };
}

export function usePreview<T>(
  query: string,
  args: Arguments | null,
  { contract = "lens", prices = null }: Where = {},
): Preview<T> {
  const [found, setFound] = useState<Found<T>>({
    answer: null,
    error: null,
    busy: false,
    key: null,
  });
  const key = args && JSON.stringify([contract, query, args, prices?.map(String)]);
  const height = live.value?.shown.value?.height ?? 0;
  useEffect(() => {
    if (!args || !key) return;
    let over = false;
    const timer = setTimeout(
      () => {
        (prices ? askAt<T>(new Map(prices), contract, query, args) : ask<T>(contract, query, args)).then(
          (answer) => !over && setFound({ answer, error: null, busy: false, key }),
          (error: unknown) => !over && setFound((before) => failed(before, error, key)),
        );
      },
      found.key === key ? 0 : settle,
    );
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [key, height]);
  // an answer to other words than those in the field is none
  return key !== null && found.key === key ? found : { answer: null, error: null, busy: key !== null };
}
