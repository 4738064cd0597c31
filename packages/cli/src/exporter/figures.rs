//! What a poll has found, as metrics, and their text.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{text, DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

use super::metric::{Kind, Metric};
use super::{market, oracle, own, pool, risk, work};
use crate::survey::{People, Survey};

/// One metric's samples: values of its labels in their order, and its own.
type Samples = Vec<(Vec<(&'static str, String)>, f64)>;

/// Samples by metric.
#[derive(Clone, Debug, Default)]
pub struct Figures(BTreeMap<&'static str, Samples>);

impl Figures {
    /// One sample; values of its labels in their order.
    pub fn put(&mut self, metric: &Metric, labels: &[&str], value: f64) {
        debug_assert_eq!(metric.labels.len(), labels.len(), "labels of {}", metric.name);
        let labels = labels.iter().map(ToString::to_string);
        let labels = metric.labels.iter().copied().zip(labels).collect();
        self.0.entry(metric.name).or_default().push((labels, value));
    }

    /// One sample, where there is a number.
    pub fn maybe(&mut self, metric: &Metric, labels: &[&str], value: Option<f64>) {
        if let Some(value) = value {
            self.put(metric, labels, value);
        }
    }

    /// Adds those of another poll, of other metrics.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// All metrics as text: those without a sample, too, so that whoever looks sees what there could be.
    pub fn text(self) -> Result<String, fmt::Error> {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Found(Arc::new(self))));
        let mut out = String::new();
        text::encode(&mut out, &registry)?;
        Ok(out)
    }
}

/// Every metric that there is.
pub fn all() -> impl Iterator<Item = &'static Metric> {
    [own::ALL, pool::ALL, risk::ALL, market::ALL, oracle::ALL, work::ALL].into_iter().flatten()
}

#[derive(Debug)]
struct Found(Arc<Figures>);

impl Collector for Found {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for metric in all() {
            let kind = match metric.kind {
                Kind::Gauge => MetricType::Gauge,
                Kind::Counter => MetricType::Counter,
            };
            let mut family = encoder.encode_descriptor(metric.name, metric.help.trim(), None, kind)?;
            let samples = self.0 .0.get(metric.name).map(Vec::as_slice).unwrap_or_default();
            if let [(labels, value)] = samples {
                // without labels no braces
                if labels.is_empty() {
                    sample(metric.kind, *value, family)?;
                    continue;
                }
            }
            for (labels, value) in samples {
                sample(metric.kind, *value, family.encode_family(labels)?)?;
            }
        }
        Ok(())
    }
}

fn sample(kind: Kind, value: f64, to: MetricEncoder<'_>) -> Result<(), fmt::Error> {
    match kind {
        Kind::Gauge => ConstGauge::new(value).encode(to),
        Kind::Counter => ConstCounter::new(value).encode(to),
    }
}

/// What a survey says. What a contract refused to say is missing, and `sdp_question_up` says so.
pub fn of(survey: &Survey) -> Figures {
    let mut figures = Figures::default();
    let to = &mut figures;
    let labels = &survey.labels;
    for (question, refused) in survey.questions() {
        to.put(&own::QUESTION_UP, &[question], super::metric::flag(refused.is_none()));
    }
    to.put(&own::CHAIN, &[&survey.chain_id], 1.0);
    to.put(&own::BLOCK_HEIGHT, &[], super::metric::whole(survey.block.height));
    to.put(&own::BLOCK_TIME, &[], super::metric::whole(survey.block.time));
    told(&survey.health, |found| pool::health(found, labels, to));
    told(&survey.solvency, |found| pool::solvency(found, labels, to));
    told(&survey.audit, |found| pool::books(found, to));
    told(&survey.regimes, |found| risk::regimes(found, labels, to));
    told(&survey.restricted, |found| risk::restricted(found, to));
    told(&survey.config, |found| risk::parameters(found, to));
    told(&survey.ceilings, |found| risk::ceilings(found, labels, to));
    told(&survey.vaults, |found| risk::vaults(found, labels, to));
    told(&survey.listed, |found| market::listed(found, labels, to));
    survey.markets.iter().for_each(|found| market::market(found, to));
    survey.synthetics.iter().for_each(|asked| told(asked, |found| market::synthetics(found, to)));
    told(&survey.board, |found| oracle::board(found, to));
    told(&survey.feeds, |found| oracle::parameters(found, to));
    told(&survey.totals, |found| work::totals(found, labels, to));
    told(&survey.limits, |found| work::limits(found, labels, to));
    if let (Ok(auctions), Ok(vaults)) = (&survey.auctions, &survey.vaults) {
        work::auctions(auctions, vaults, (labels, survey.block.time), to);
    }
    survey.custody.iter().for_each(|found| work::custody(found, labels, to));
    survey.bonded.iter().for_each(|found| work::bonded(found, labels, to));
    figures
}

/// What a count of all accounts and positions says.
pub fn of_people(people: &People, survey: &Survey) -> Figures {
    let mut figures = Figures::default();
    told(&survey.vaults, |vaults| work::people(people, vaults, &mut figures));
    figures
}

fn told<T, E>(asked: &Result<T, E>, tell: impl FnOnce(&T)) {
    if let Ok(found) = asked {
        tell(found);
    }
}
