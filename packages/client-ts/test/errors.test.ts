import { describe, expect, test } from "vitest";
import { chainError, rootCause } from "../src/chain/errors.ts";
import { parseRefusal, SdpError } from "../src/errors.ts";

describe("refusals", () => {
  test("code, name and numbers come out of the text", () => {
    const error = new SdpError("refused", "E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }");
    expect([error.code, error.rule, error.fields]).toEqual([
      "E0312",
      "BelowIssuanceRatio",
      { ratio: "2.5", required: "3" },
    ]);
    expect(error.number("ratio", "Ratio")).toBe(2_500_000_000_000_000_000n);
    expect(error.number("nothing", "Ratio")).toBeNull();
    expect(error.number("ratio", "Usd")).toBeNull();
  });

  test("one without numbers has none", () => {
    expect(parseRefusal("E0319 NotOpen")).toEqual({ code: "E0319", rule: "NotOpen", fields: {} });
  });

  test("commas and braces within a value stay in it", () => {
    const { fields } = parseRefusal("E0109 UnexpectedFunds { funds: 5uatom,7stake }") ?? { fields: {} };
    expect(fields).toEqual({ funds: "5uatom,7stake" });
    const nested = parseRefusal("E0509 ForeignFailure { message: not { this }, at all }");
    expect(nested?.fields).toEqual({ message: "not { this }, at all" });
  });

  test("a text without a code is nobody's refusal", () => {
    expect(parseRefusal("Eh, something broke")).toBeNull();
    expect(new SdpError("network", "E12 no").code).toBeNull();
  });
});

describe("what a node makes of them", () => {
  const refusal = "E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }";
  test.each([
    [
      `Query failed with (6): rpc error: code = Unknown desc = failed to execute message; message index: 0: ${refusal}: execute wasm contract failed [CosmWasm/wasmd@v0.70.3/x/wasm/keeper/keeper.go:429] with gas used: '123': unknown request`,
      refusal,
    ],
    [
      `failed to execute message; message index: 1: dispatch: submessages: ${refusal}: execute wasm contract failed`,
      refusal,
    ],
    [`Query failed with (18): ${refusal}: query wasm contract failed: invalid request`, refusal],
    [
      "Query failed with (6): rpc error: code = Unknown desc = failed to execute message; message index: 0: Overflow: Cannot  with given operands: execute wasm contract failed [!cosm!wasm/wasmd@v0.70.3/x/wasm/keeper/keeper.go:452] with gas used: '100651': unknown request",
      "Overflow: Cannot  with given operands",
    ],
    ["Query failed with (18): E0319 NotOpen: query wasm contract failed: invalid request", "E0319 NotOpen"],
  ])("the contract's words are found in %j", (text, own) => {
    expect(rootCause(text)).toBe(own);
    const error = chainError(new Error(text), 12);
    expect([error.kind, error.text, error.height]).toEqual(["refused", own, 12]);
  });

  test("kinds", () => {
    const kind = (text: string) => chainError(new Error(text)).kind;
    expect(kind("fetch failed")).toBe("network");
    expect(kind("Request rejected")).toBe("declined");
    expect(
      kind(
        "Query failed with (5): Error calling the VM: Error executing Wasm: Aborted: panicked at src/lib.rs: query wasm contract failed",
      ),
    ).toBe("panicked");
    expect(kind("Query failed with (22): no such contract: key not found")).toBe("setup");
    expect(kind("failed to execute message; message index: 0: insufficient funds: execute wasm contract failed")).toBe(
      "refused",
    );
  });

  test("a gateway's page in place of an answer is no answer of the chain, and neither is silence", () => {
    const kind = (text: string) => chainError(new Error(text)).kind;
    expect(kind(`Unexpected token '<', "<html>" is not valid JSON`)).toBe("network");
    expect(kind("The operation was aborted due to timeout")).toBe("network");
  });

  test("a node that is a block behind says so in several ways", () => {
    const future =
      "Query failed with (26): cannot query with height in the future; please provide a valid height: invalid height";
    const higher =
      '{"code":-32603,"message":"Internal error","data":"height 9 must be less than or equal to the current blockchain height 8"}';
    expect([future, higher].map((text) => chainError(new Error(text)).isAhead)).toEqual([true, true]);
    expect(chainError(new Error("Query failed with (22): no such contract")).isAhead).toBe(false);
  });

  test("an error that is one already stays what it is", () => {
    const error = new SdpError("declined", "no");
    expect(chainError(error)).toBe(error);
    expect(SdpError.from(error)).toBe(error);
    expect(SdpError.from("E0319 NotOpen").kind).toBe("refused");
  });
});
