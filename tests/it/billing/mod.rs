mod commission;
mod credit;
mod invoice;
mod numbers;
mod paper;
mod payment;
mod reopen;
