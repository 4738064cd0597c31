//! What an order would do, in human units: `sdp show trade`.

use sdp_types::market::{MarginBasis, MarginNeeded, PerpResponse, TradePreview};

use crate::output::{self, dollars, percent, price, short, signed};

/// Of an order as it would fill now.
pub fn trade(perps: &[PerpResponse], preview: &TradePreview) {
    let row = |name: &str, value: String| (name.to_string(), value);
    let fee = format!(
        "{}: providers {}, insurance {}, keeper {}",
        dollars(preview.fee),
        dollars(preview.fee.saturating_minus(preview.keeper_fee).saturating_minus(preview.insurance_fee)),
        dollars(preview.insurance_fee),
        dollars(preview.keeper_fee)
    );
    let insurance = format!(
        "{} for shortfall, {} for leverage",
        dollars(preview.shortfall_premium),
        dollars(preview.leverage_premium)
    );
    output::fields([
        row("refused", preview.refused.clone().unwrap_or_else(|| "no".into())),
        row("regime", preview.regime.to_string()),
        row("volatility stress", short(preview.stress)),
        row("price", price(preview.price)),
        row("price with premium", price(preview.fill_price)),
        row("premium", signed(preview.premium)),
        row("fee", fee),
        row("insurance premium", insurance),
        row("realised", signed(preview.realised)),
        row("position", preview.size.to_string()),
        row("locked until it fills", dollars(preview.locked)),
        row("available for that", signed(preview.available)),
        row("equity", signed(preview.equity)),
        row("initial margin", needed(&preview.initial_margin)),
        row("maintenance margin", needed(&preview.maintenance_margin)),
        row("liquidation price", preview.liquidation_price.map_or("–".into(), price)),
    ]);
    let name = |number: u16| perps.iter().find(|perp| perp.perp == number);
    let rows = preview.margins.iter().map(|margin| {
        vec![
            name(margin.perp).map(|perp| perp.config.name.clone()).unwrap_or_default(),
            dollars(margin.notional),
            dollars(margin.initial_margin),
            percent(Some(margin.volatility)),
            dollars(margin.maintenance_margin),
            percent(Some(margin.ramped_volatility)),
        ]
    });
    output::table(&["position alone", "notional", "initial", "from σ", "maintenance", "from σ"], rows);
}

fn needed(margin: &MarginNeeded) -> String {
    let why = match margin.basis {
        MarginBasis::Sum => return dollars(margin.required),
        MarginBasis::Base => "at the correlations of the board",
        MarginBasis::High => "if everything moved together",
        MarginBasis::Low => "if hedges broke",
        MarginBasis::Limit => "the most that offsets may take off",
    };
    let off = margin.sum.saturating_minus(margin.required);
    format!("{} = {} − {} {why}", dollars(margin.required), dollars(margin.sum), dollars(off))
}
