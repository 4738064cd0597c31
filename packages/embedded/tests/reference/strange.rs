//! Messages that have no business where they are sent, with the code of their refusal, whatever the state.

use cosmwasm_std::Coin;
use cw20::Cw20ReceiveMsg;
use sdp_embedded::actions::Order;
use sdp_embedded::{Actions, Answer, Chain, ChainError, Conditionals, Synthetics};
use sdp_types::market::AccountId;
use sdp_types::pool::Token;
use sdp_types::{
    custody, liquidator, market, oracle, orders, pool, reserve, spot, Amount, Price, Ratio, Size, Usd,
};

type Done = Result<Answer, ChainError>;
type Strange = (&'static str, fn(&mut Chain) -> Done);

fn receive(sender: &str, msg: &impl serde::Serialize) -> Cw20ReceiveMsg {
    let msg = cosmwasm_std::to_json_binary(msg).unwrap();
    Cw20ReceiveMsg { sender: sender.into(), amount: 1_000_000u128.into(), msg }
}

/// Code and message.
pub const STRANGE: &[Strange] = &[
    ("E0314", |chain| {
        let recipient = chain.address("sven").into_string();
        let draw = pool::ExecuteMsg::Draw { amount: Usd::new(1), recipient, accepted_haircut: None };
        chain.execute("sven", "pool", &draw, &[])
    }),
    ("E0104", |chain| {
        let owner = chain.address("anna").into_string();
        let (room, dust) = (Usd::whole(1_000_000), Usd::new(1));
        chain.execute("sven", "pool", &pool::ExecuteMsg::Seize { vault: 0, owner, room, dust }, &[])
    }),
    ("E0104", |chain| {
        let owner = chain.address("tina").into_string();
        let accounts = vec![AccountId { owner, account: 0 }];
        let keeper = chain.address("sven").into_string();
        chain.execute("sven", "market", &market::ExecuteMsg::Liquidate { accounts, keeper }, &[])
    }),
    ("E0103", |chain| {
        let change = pool::Change::SetGuardian { guardian: None };
        chain.execute("sven", "pool", &pool::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0103", |chain| {
        let change = market::Change::SetGuardian { guardian: None };
        chain.execute("sven", "second", &market::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0103", |chain| {
        let change = liquidator::Change::SetGuardian { guardian: None };
        chain.execute("sven", "liquidator", &liquidator::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0103", |chain| {
        let change = oracle::Change::Guardian { guardian: None };
        chain.execute("sven", "oracle", &oracle::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0102", |chain| {
        let liquidator = chain.address("gina").into_string();
        let change = market::Change::SetLiquidator { liquidator };
        chain.execute("gina", "market", &market::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0007", |chain| chain.execute("kira", "market", &market::ExecuteMsg::Enact { id: 999_999 }, &[])),
    ("E0101", |chain| chain.execute("sven", "pool", &pool::ExecuteMsg::CancelChange { id: 0 }, &[])),
    ("E0106", |chain| {
        let new_owner = chain.address("sven").into_string();
        let action = serde_json::json!({ "transfer_ownership": { "new_owner": new_owner, "expiry": null } });
        chain.execute("sven", "pool", &serde_json::json!({ "update_ownership": action }), &[])
    }),
    ("E0320", |chain| chain.execute("olga", "pool", &pool::ExecuteMsg::Open {}, &[])),
    ("E0110", |chain| chain.send_tokens("anna", "WETH", "pool", nothing(), &pool::Hook::Insure {})),
    ("E0110", |chain| {
        chain.send_tokens(
            "anna",
            "WETH",
            "market",
            nothing(),
            &market::Hook::Deposit { beneficiary: None, account: 0 },
        )
    }),
    ("E0110", |chain| {
        let hook = liquidator::Hook::Take {
            auction: 1,
            amount: Amount::new(1),
            max_price: Price::new(u128::MAX),
            recipient: None,
        };
        chain.send_tokens("anna", "WETH", "liquidator", nothing(), &hook)
    }),
    ("E0110", |chain| {
        let hook = liquidator::Hook::Redeem { least: None, recipient: None };
        chain.send_tokens("anna", "sdusd", "liquidator", nothing(), &hook)
    }),
    ("E0110", |chain| {
        let hook = liquidator::Hook::Bid { auction: 1, claim: Usd::new(1) };
        chain.send_tokens("anna", "sdnote", "liquidator", nothing(), &hook)
    }),
    ("E0104", |chain| {
        let recipient = chain.address("sven").into_string();
        let msg = pool::ExecuteMsg::RedeemNotes { notes: Usd::new(1), least: None, recipient };
        chain.execute("sven", "pool", &msg, &[])
    }),
    ("E0110", |chain| {
        chain.send_tokens("anna", "sdusd", "pool", nothing(), &pool::Hook::Deposit { beneficiary: None })
    }),
    ("E0109", |chain| {
        chain.execute("anna", "pool", &pool::ExecuteMsg::Sync {}, &[Coin::new(1u128, "uatom")])
    }),
    ("E0201", |chain| {
        let confidence = Ratio::ZERO;
        let publish_time = chain.now();
        let entry = oracle::Submission { feed: 0, price: Price::new(1), confidence, publish_time };
        chain.execute("sven", "oracle", &oracle::ExecuteMsg::Publish { prices: vec![entry] }, &[])
    }),
    ("E0110", |chain| {
        let hook = receive(chain.address("sven").as_str(), &pool::Hook::Insure {});
        chain.execute("sven", "pool", &pool::ExecuteMsg::Receive(hook), &[])
    }),
    ("E0110", |chain| {
        let deposit = market::Hook::Deposit { beneficiary: None, account: 0 };
        let hook = receive(chain.address("sven").as_str(), &deposit);
        chain.execute("sven", "second", &market::ExecuteMsg::Receive(hook), &[])
    }),
    ("E0401", |chain| chain.commit("tina", "market", 7, &Order { size: Size::new(1), ..Order::default() })),
    ("E0004", |chain| chain.settle("kira", "market", 0, 101)),
    ("E0508", |chain| {
        let owner = chain.address("tina").into_string();
        let (market, accounts) = (chain.address("pool").into_string(), vec![AccountId { owner, account: 0 }]);
        let msg = liquidator::ExecuteMsg::LiquidateAccounts { market, accounts };
        chain.execute("kira", "liquidator", &msg, &[])
    }),
    ("E0301", |chain| {
        let msg = pool::ExecuteMsg::Mint { vault: 9, amount: Usd::whole(1), recipient: None, owner: None };
        chain.execute("anna", "pool", &msg, &[])
    }),
    ("E0402", |chain| chain.withdraw_margin("sven", "market", 7, Usd::new(1))),
    ("E0009", |chain| {
        let market = chain.address("second").into_string();
        let change = pool::Change::AddMarket { market, line: Usd::whole(1), bonded: false };
        chain.execute("olga", "pool", &pool::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0107", |chain| {
        let config: Vec<pool::VaultResponse> = chain.query("pool", &pool::QueryMsg::Vaults {}).unwrap();
        let mut config = config[0].config.clone();
        config.token = Token::Native("uosmo".into());
        let change = pool::Change::UpdateVault { vault: 0, config };
        chain.execute("olga", "pool", &pool::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0209", |chain| {
        let mut covariance = chain.manifest().covariance();
        let minus = sdp_types::SignedRatio::new(-990_000_000_000_000_000);
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            covariance.correlations[a][b] = minus;
            covariance.correlations[b][a] = minus;
        }
        let change = oracle::Change::Covariance { covariance };
        chain.execute("olga", "oracle", &oracle::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0601", |chain| chain.settle_synthetic("kira", 9, 1)),
    ("E0601", |chain| chain.sweep_synthetic("kira", 3)),
    ("E0004", |chain| chain.settle_synthetic("kira", 0, 101)),
    ("E0110", |chain| {
        let exact = spot::SellExact::In { least: None };
        let hook = spot::Hook::Sell { synthetic: 0, exact, expires_in: None, recipient: None };
        let hook = receive(chain.address("anna").as_str(), &hook);
        chain.execute("sven", "spot", &spot::ExecuteMsg::Receive(hook), &[])
    }),
    ("E0103", |chain| {
        let change = spot::Change::SetGuardian { guardian: None };
        chain.execute("sven", "spot", &spot::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0109", |chain| {
        let funds = [Coin::new(1u128, "uatom")];
        chain.execute("anna", "spot", &spot::ExecuteMsg::Poke {}, &funds)
    }),
    ("E0110", |chain| {
        let hook = reserve::Hook::SwapIn { least: None, then: None };
        chain.send_tokens("anna", "WETH", "reserve", nothing(), &hook)
    }),
    ("E0110", |chain| {
        let msg = reserve::ExecuteMsg::SwapIn { least: None, then: None };
        chain.execute("anna", "reserve", &msg, &[Coin::new(1u128, "uatom")])
    }),
    ("E0109", |chain| {
        chain.execute("anna", "reserve", &reserve::ExecuteMsg::SwapIn { least: None, then: None }, &[])
    }),
    ("E0007", |chain| chain.execute("kira", "reserve", &reserve::ExecuteMsg::Revalue { token: 1 }, &[])),
    ("E0103", |chain| {
        let change = reserve::Change::SetGuardian { guardian: None };
        chain.execute("sven", "reserve", &reserve::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0110", |chain| {
        let hook = orders::Hook::Deposit { beneficiary: None };
        chain.send_tokens("anna", "WETH", "orders", nothing(), &hook)
    }),
    ("E0109", |chain| {
        let funds = [Coin::new(1u128, "uatom")];
        chain.execute("anna", "orders", &orders::ExecuteMsg::Sweep { ids: vec![0] }, &funds)
    }),
    ("E0902", |chain| chain.cancel_orders("sven", "market", &[u64::MAX])),
    ("E0110", |chain| {
        let hook = custody::Hook::Deposit { beneficiary: None, account: 0 };
        chain.send_tokens("anna", "sdusd", "custody", nothing(), &hook)
    }),
    ("E0110", |chain| {
        let owner = chain.address("tina").into_string();
        let (amount, max_price) = (Amount::new(1), Price::new(1));
        let hook = custody::Hook::Take { owner, account: 0, amount, max_price, recipient: None };
        chain.send_tokens("anna", "WETH", "custody", nothing(), &hook)
    }),
    ("E0109", |chain| {
        let deposit = custody::ExecuteMsg::Deposit { beneficiary: None, account: 0 };
        chain.execute("anna", "custody", &deposit, &[])
    }),
    ("E0103", |chain| {
        let change = custody::Change::SetGuardian { guardian: None };
        chain.execute("sven", "custody", &custody::ExecuteMsg::Configure { change }, &[])
    }),
    ("E0104", |chain| {
        let owner = chain.address("sven").into_string();
        let msg = market::ExecuteMsg::SetBacked { owner, account: 0, backed: true, charge: Usd::ZERO };
        chain.execute("sven", "market", &msg, &[])
    }),
    ("E0219", |chain| chain.pull("sven", &[0])),
    ("E0220", |chain| {
        let (confidence, publish_time) = (Ratio::ZERO, chain.now());
        let entry = oracle::Submission { feed: 4, price: Price::new(1), confidence, publish_time };
        chain.execute("paul", "oracle", &oracle::ExecuteMsg::Publish { prices: vec![entry] }, &[])
    }),
];

fn nothing() -> Amount {
    Amount::ZERO
}
