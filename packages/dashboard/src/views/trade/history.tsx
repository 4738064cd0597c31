import { connection } from "../../app/session.ts";
import { aboutOf, useTransactions } from "../../data/transactions.ts";
import { Scroll } from "../../ui/card.tsx";
import { moment } from "../../ui/format.ts";
import { Empty, Missing } from "../../ui/states.tsx";
import { kind, sentence } from "../../words/events.ts";

/** What has happened to an account, newest first. */
export function AccountHistory({ address }: { address: string }) {
  const { found, error } = useTransactions(address);
  if (!found) return <Missing what="your history" error={error} />;
  const config = connection.value!.config;
  const isAbout = aboutOf(address, found);
  const lines = found.flatMap(({ height, time, sender, events }) =>
    events
      .filter((event) => isAbout(event, sender) || kind(event) === "refused")
      .map((event) => sentence(event, config))
      .filter((text) => text !== null)
      .map((text) => ({ height, time, text })),
  );
  if (lines.length === 0)
    return <Empty title="Nothing has happened yet.">Whatever this account does is listed here.</Empty>;
  return (
    <Scroll label="History">
      <table>
        <caption class="hidden-text">History of the account, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" class="text">
              What
            </th>
            <th scope="col">Block</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, n) => (
            <tr key={`${line.height}/${n}`}>
              <th scope="row" class="nowrap">
                {moment(line.time)}
              </th>
              <td class="text wrap">{line.text}</td>
              <td class="muted">{line.height}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
