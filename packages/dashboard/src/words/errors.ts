/** The contracts' refusals in words. Their codes and numbers stay visible: words are for people, codes for looking things up. */
import { SdpError } from "@sdp/client";
import { fill, type Fields } from "./template.ts";

export interface Explained {
  sentence: string;
  /** `E0312 BelowIssuanceRatio`; none where no contract has spoken. */
  code: string | null;
  /** The numbers that came with it, as the contract wrote them. */
  numbers: [string, string][];
}

/** A sentence by code. USD fields come in micro-USD, prices and ratios as decimals. */
const sentences: Record<string, string> = {
  E0001: "A number does not fit: the amount is too large.",
  E0002: "There is nothing to divide by, or nobody to divide it among.",
  E0003: "“{text}” is not a number of the expected kind.",
  E0004: "{what} is {value}; it has to be between {min} and {max}.",
  E0005: "There is nothing to move: {what} is zero.",
  E0006: "A record of the contract can't be read: {record}.",
  E0007: "There is no such {what}: {key}.",
  E0008: "The contract could not read the message: {message}.",
  E0009: "There is already such a {what}: {key}.",
  E0010: "There are too many of {what}: {count}, at most {max} are possible.",
  E0101: "Only the owner of the contract may do this.",
  E0103: "Only the owner or the guardian of the contract may do this.",
  E0104: "Only {expected} may send this.",
  E0109: "The contract does not take the coins that came with this message: {funds}.",
  E0110: "This token is not listed here: {token}.",
  E0202: "There is no such price feed: {feed}.",
  E0204: "The price is of later than now: the clocks of the chain and of its source differ.",
  E0206:
    "The price of this asset is {age:seconds} old; {allowed:seconds} are allowed. Try again when a new price has come in.",
  E0207: "The price of this asset is too uncertain: its band is ±{confidence:percent}, ±{allowed:percent} is allowed.",
  E0208: "This asset has no price yet.",
  E0213: "The source of this asset's price did not answer.",
  E0214: "The source of this asset's price answered with something that is no price.",
  E0215: "The source of this asset's price answered with another price.",
  E0216: "The source of this asset's price answered with a number of another size than prices have.",
  E0217: "The source of this asset's price answered with a price of 0 or below.",
  E0218:
    "The sources of this asset's price disagree: {price:price} and {other:price}, and {within:percent} is allowed.",
  E0301: "There is no such vault.",
  E0302: "There is no position in this collateral yet. Deposit first.",
  E0303: "The collateral would be worth {value:usd}; a position needs at least {minimum:usd}.",
  E0304: "The vault would hold more than its deposit cap.",
  E0305: "The debt would be {debt:usd}; a position that owes anything owes at least {minimum:usd}.",
  E0306: "The vault's debt would be {debt:usd}, above its ceiling of {ceiling:usd}.",
  E0307: "There would be {supply:usd} of sdUSD, above the ceiling of {ceiling:usd}.",
  E0308: "The pool would have {free:usd} of free collateral, and {locked:usd} is locked for its markets. Ask for less.",
  E0309: "A new position has a minimum stay: it can ask to leave from {until:time} on.",
  E0310: "No exit was requested for this position.",
  E0311: "The exit can be executed from {ready_at:time} on.",
  E0312: "The collateral ratio would be {ratio:percent}; {required:percent} is required. Mint less, or deposit more.",
  E0313: "The position is healthy: it is at {ratio:percent} and is seized below {required:percent}.",
  E0314: "The pool does not know the market that this came from.",
  E0315: "The market's record shows {recorded:usd} of this payment, and {asked:usd} was asked for.",
  E0316: "The market has used {used:usd} of what it may cost the providers; its line is {line:usd}.",
  E0318: "The last provider can't leave while traders have {open} open positions.",
  E0319: "The pool is not open yet.",
  E0321:
    "Running auctions already have {outstanding:usd} to bring: there is room for {room:usd}, and this needs {needed:usd}.",
  E0322: "There is nothing to do: {what}.",
  E0323: "The interval that this exit is priced at has no price yet.",
  E0324: "The market's prices are not good enough now.",
  E0325: "An exit was already requested. It is ready at {ready_at:time}; cancel it to request another amount.",
  E0326: "The expected shortfall of the markets would be {shortfall:usd}, above their budget of {budget:usd}.",
  E0327: "The pool's expected shortfall would be {shortfall:usd}, above its budget of {budget:usd}.",
  E0328: "Not while {scope} is in the regime “{regime}”.",
  E0329: "More profit than may be drawn within an hour: there is room for {room:usd}.",
  E0330: "This rises only so often: from {ready_at:time} on.",
  E0332: "The pool has to be in emergency for seven days in a row first: from {from:time} on.",
  E0333: "The pool is shut down: what is left in it can be claimed, and nothing else is done.",
  E0334: "The pool is not shut down: there is nothing to claim.",
  E0335: "What is left is not divided yet. That can be done from {from:time} on.",
  E0336: "What is left is divided already: nothing more comes in.",
  E0337: "The market {market} still runs: all are shut down before the pool.",
  E0338: "The position has {value:usd} of collateral for {debt:usd} of debt: it is not written off.",
  E0341:
    "While there is bad debt, withdrawals are paid in proportion: {rate:percent} would be kept, and {accepted:percent} was accepted.",
  E0342: "Nobody mints while {bad_debt:usd} of bad debt stands.",
  E0343: "The notes would bring {paid:usd}; at least {least:usd} was wanted.",
  E0344:
    "The position is at {ratio:percent}, below {required:percent}: it can be liquidated, so it is not handed over.",
  E0345: "Nobody has offered you this position.",
  E0346: "Only its owner, or whom he lets do so, mints for this position.",
  E0401: "There is no such perpetual.",
  E0402: "There is no such account yet. Deposit margin first.",
  E0403: "An account has at most {max} positions.",
  E0404: "Margin is short: {available:usd} is free, and {required:usd} is needed. Deposit more, or trade less.",
  E0405: "The order is worth {notional:usd}; the least is {minimum:usd}.",
  E0406: "Longs less shorts would be {skew:usd}, above the cap of {cap:usd}.",
  E0407: "Open interest of this side would be {open_interest:usd}, above the cap of {cap:usd}.",
  E0408: "The order would bring the marginal premium to {premium:percent}, beyond its cap of {cap:percent}.",
  E0409: "This perpetual only takes what reduces positions.",
  E0410: "This perpetual is delisted: positions can only be reduced.",
  E0411: "There is no such order any more.",
  E0412: "The order's interval has begun: it is bound and can't be cancelled.",
  E0413: "This order is somebody else's.",
  E0414: "The fill would be at {price:price}, premium included: worse than the limit of {limit:price}.",
  E0415: "The order found no price in any of its intervals.",
  E0416: "The account was liquidated after the order was committed.",
  E0417: "There is no position left to reduce.",
  E0418: "The account is healthy: its equity is {equity:usd}, its maintenance margin {maintenance:usd}.",
  E0419: "Prices have just come back after a gap. Liquidations begin at {until:time}.",
  E0420: "No order is due yet.",
  E0421: "At most {free:usd} can be withdrawn; {asked:usd} was asked for. Profit that is not realised does not count.",
  E0422: "The order would wait for {asked:seconds}; the longest is {max:seconds}.",
  E0423: "The size {size:size} is too large; the most is {max:size}.",
  E0424: "The limit {limit:price} is more than {band:percent} from the index at {index:price}.",
  E0425: "The pool has to be synced in the same block.",
  E0426: "The account's owner does not let this be traded for him, or no longer.",
  E0427: "The account would hold {notional:usd}; what was allowed is {most:usd}.",
  E0428: "This needs an account without orders that wait; {orders} do.",
  E0429:
    "The account has {equity:usd} of equity for a maintenance margin of {maintenance:usd}: it can be liquidated, and stays where it is.",
  E0430: "This account is used already: choose a number that is not.",
  E0501: "This auction is over.",
  E0502: "The liquidator is stopped at level {level}.",
  E0503: "The auction is too old or has fallen too far: it has to be started again first.",
  E0504: "The auction does not have to be started again yet.",
  E0505: "The price is {price:price} now, above your maximum of {max_price:price}.",
  E0506: "It would leave {left:usd} to pay: take everything, or leave at least {dust:usd}.",
  E0507: "{paid:usd} buys nothing at {price:price}.",
  E0508: "The pool does not list this market.",
  E0509: "Another contract has failed: {message}.",
  E0510: "The collateral of this vault is not for sale by auction.",
  E0520: "The backstop pays out from {ready_at:time} on.",
  E0521: "The time for this withdrawal was over at {lapses_at:time}. Ask again.",
  E0522: "A flagged position can still be liquidated: nobody leaves the backstop ahead of it.",
  E0523: "Somebody is paying for a part of auction {auction} right now.",
  E0526: "With {claims:usd} outstanding or on auction, notes reach their ceiling of {ceiling:usd}.",
  E0527: "The auction of notes is over since {ended_at:time}: the last bid stands.",
  E0528: "The auction of notes runs, or can't begin again, until {until:time}.",
  E0529: "The bid claims {claim:usd}; it has to claim {most:usd} at most.",
  E0530: "The bid pays {paid:usd}; it has to pay the whole lot of {lot:usd}.",
  E0601: "There is no such synthetic.",
  E0602: "This synthetic can only be sold.",
  E0603: "Not in this phase: before the contract is shut down it is traded, and after that redeemed.",
  E0604: "The fill would give less than the least that was wanted.",
  E0605: "It costs {cost:usd}, and {paid:usd} was paid.",
  E0701: "The price of this token is too far from par: {edge:price}, and {bound:price} is allowed.",
  E0702: "The reserve would hold {value:usd} of it, above its ceiling of {ceiling:usd}.",
  E0703: "This token is not swapped in this direction now.",
  E0704: "The swap would pay less than the least that was wanted.",
  E0705: "The reserve has {most:usd} of this token, and {asked:usd} was asked for.",
  E0801: "The owner of this position has not asked for it to be balanced.",
  E0802: "The position is at {ratio:percent}, within its band of {lower:percent} to {upper:percent}.",
  E0803:
    "There is {lacking:usd} too much debt; {held:usd} of sdUSD is in the wallet for it, and {allowed:usd} is allowed.",
  E0901: "The jar has {has:usd}, and {needed:usd} is needed.",
  E0902: "There is no such conditional order, or none any more.",
  E0903: "Only its owner cancels a conditional order.",
  E0904: "The contract of conditional orders may not trade this perpetual until {until:time}.",
  E0905: "The index, {index:price} ± {confidence:percent}, has not reached the trigger of {trigger:price}.",
  E0906: "The index is no newer than the order: the next price decides.",
  E0907: "The entry of its bracket, order {entry}, has not filled.",
  E0908: "Order {order} of this account in this perpetual is committed, and what becomes of it is not known yet.",
  E0909: "Orders that cancel each other are in one perpetual.",
  E0910: "Its time was over at {good_till:time}.",
  E1001: "This market is not a bonded one.",
  E1002: "The bond would be {bond:usd}; a market begins with {minimum:usd} at least.",
  E1003: "All bonded markets together would have {credit:usd} of credit, above the cap of {cap:usd}.",
  E1004: "The line for bonded markets would have to bear {needed:usd}; it bears {line:usd}.",
  E1006: "The market is in quarantine: nothing that it says is believed.",
  E1008: "The market would have cost {cost:usd}, more than its credit of {credit:usd}.",
  E1009: "{beyond:usd} beyond the market's bond has to be announced in time; {announced:usd} is.",
  E1010: "What the market last said is {age:seconds} old; {allowed:seconds} are allowed.",
  E1011: "The market closes: nothing new is begun in it.",
  E1012: "The market still owes {claim:usd}, or has positions: {open_positions}.",
  E1013: "The market can be closed from {ready_at:time} on.",
  E1051: "Nothing is sold any more: that was over at {at:time}.",
  E1052: "How it ended can be said from {from:time} on.",
  E1053: "It has ended: how is known.",
  E1054: "It buys {contracts:usd} of contracts; at least {least:usd} was wanted.",
  E1055: "The contracts would pay {owed:usd}, and {room:usd} is covered.",
  E1101: "Tokens back this account: it stays with its owner.",
  E1102: "All accounts together would hold {value:usd} of this token, above its cap of {cap:usd}.",
  E1103: "Nobody brings more of this token.",
  E1104: "The account does not hold as many tokens as were asked for.",
  E1105: "Without these tokens {left:usd} would be left of the account, and it needs {required:usd}.",
  E1106: "The account's tokens count for what it owes: nothing is sold.",
  E1107: "Positions and orders of the account go before its tokens.",
  E1108: "A sale of this account's tokens runs.",
  E1109: "No sale of this account's tokens runs.",
  E1110: "The account owes more than its tokens count for: the sale runs on.",
  E1111: "The tokens would be worth {value:usd}; the least is {minimum:usd}.",
};

/** The sentence of a refusal. A keeper's batch reports codes without their numbers: then it is the code's name. */
function sentenceOf(code: string, fields: Fields): string | null {
  const template = sentences[code];
  return template ? fill(template, fields) : null;
}

/** `BelowIssuanceRatio` as people write it. */
function spelled(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A refusal by its text, such as the reason in an event: `E0414 LimitPrice { price: 1, limit: 2 }`. */
export function explainText(text: string): Explained {
  return explain(new SdpError("refused", text));
}

export function explain(error: unknown): Explained {
  if (!(error instanceof SdpError)) {
    const text = error instanceof Error ? error.message : String(error);
    return { sentence: text, code: null, numbers: [] };
  }
  if (!error.code) return { sentence: error.text, code: null, numbers: [] };
  const fields = error.fields;
  const sentence = sentenceOf(error.code, fields) ?? `${spelled(error.rule ?? error.text)}.`;
  return { sentence, code: [error.code, error.rule].filter(Boolean).join(" "), numbers: Object.entries(fields) };
}
