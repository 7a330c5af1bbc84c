//! The tables as diesel sees them. Printed from the migrated database by the test `schema`; search vectors are left out,
//! since only SQL reads them.

diesel::table! {
    account (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        kind -> Text,
        currency -> Text,
    }
}

diesel::table! {
    api_client (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        name -> Text,
        scopes -> Array<Text>,
        revoked_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    api_client_secret (id) {
        id -> Uuid,
        api_client_id -> Uuid,
        secret_hash -> Binary,
        hint -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    approval (id) {
        id -> Uuid,
        order_id -> Uuid,
        round -> Integer,
        organisation_id -> Uuid,
        policy_version -> BigInt,
        requesters -> Array<Uuid>,
        state -> Text,
        submitted_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    approval_decision (id) {
        id -> Uuid,
        step_id -> Uuid,
        decision -> Text,
        decided_by -> Uuid,
        on_behalf_of -> Uuid,
        reason -> Nullable<Text>,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    approval_delegation (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        from_id -> Uuid,
        to_id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    approval_policy (organisation_id, version) {
        organisation_id -> Uuid,
        version -> BigInt,
        document -> Jsonb,
        created_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    approval_step (id) {
        id -> Uuid,
        approval_id -> Uuid,
        organisation_id -> Uuid,
        chain -> Integer,
        position -> Integer,
        name -> Text,
        state -> Text,
        persons -> Array<Uuid>,
        roles -> Array<Text>,
        quorum -> Integer,
        escalate_after_hours -> Nullable<Integer>,
        escalate_persons -> Array<Uuid>,
        escalate_roles -> Array<Text>,
        opened_at -> Nullable<Timestamptz>,
        escalated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    auction (id) {
        id -> Uuid,
        portal_id -> Uuid,
        seller_id -> Uuid,
        state -> Text,
        input -> Jsonb,
        rules -> Jsonb,
        format -> Text,
        currency -> Text,
        access -> Text,
        disclosure -> Text,
        opens_at -> Timestamptz,
        ends_at -> Timestamptz,
        deposit -> Numeric,
        secret -> Binary,
        relisted_from -> Nullable<Uuid>,
        cancelled_at -> Nullable<Timestamptz>,
        cancel_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        published_at -> Nullable<Timestamptz>,
        settled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    auction_award (id) {
        id -> Uuid,
        auction_id -> Uuid,
        lot -> SmallInt,
        organisation_id -> Uuid,
        pseudonym -> Text,
        number -> Nullable<Integer>,
        units -> BigInt,
        price -> BigInt,
        at -> Timestamptz,
        contract_id -> Nullable<Uuid>,
        defaulted_at -> Nullable<Timestamptz>,
        given_up_by -> Nullable<Uuid>,
        given_up_at -> Nullable<Timestamptz>,
        offer_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    auction_bidder (auction_id, organisation_id) {
        auction_id -> Uuid,
        organisation_id -> Uuid,
        state -> Text,
        note -> Nullable<Text>,
        pseudonym -> Nullable<Text>,
        created_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    auction_deposit (id) {
        id -> Uuid,
        auction_id -> Uuid,
        organisation_id -> Uuid,
        amount -> Numeric,
        currency -> Text,
        state -> Text,
        held_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    auction_entry (auction_id, lot, number) {
        auction_id -> Uuid,
        lot -> SmallInt,
        number -> Integer,
        at -> Timestamptz,
        act -> Text,
        bidder -> Text,
        price -> Nullable<BigInt>,
        units -> BigInt,
        commitment -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    auction_lot (auction_id, number) {
        auction_id -> Uuid,
        number -> SmallInt,
        phase -> Text,
        state -> Text,
        ends_at -> Timestamptz,
        price -> Nullable<BigInt>,
        leader -> Nullable<Text>,
        reserve_met -> Bool,
        units_left -> Nullable<BigInt>,
        entries -> Integer,
        last_hash -> Nullable<Binary>,
        changes -> BigInt,
        outcome -> Nullable<Text>,
        closed_at -> Nullable<Timestamptz>,
        settled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    auction_offer (id) {
        id -> Uuid,
        auction_id -> Uuid,
        lot -> SmallInt,
        organisation_id -> Uuid,
        pseudonym -> Text,
        price -> BigInt,
        state -> Text,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
        answered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    auction_question (id) {
        id -> Uuid,
        auction_id -> Uuid,
        organisation_id -> Uuid,
        question -> Text,
        asked_at -> Timestamptz,
        answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    auction_receipt (auction_id, lot, number) {
        auction_id -> Uuid,
        lot -> SmallInt,
        number -> Integer,
        organisation_id -> Uuid,
        maximum -> Nullable<BigInt>,
        units -> BigInt,
        nonce -> Nullable<Binary>,
        opened_price -> Nullable<BigInt>,
        void -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    auction_runner_up (auction_id, lot) {
        auction_id -> Uuid,
        lot -> SmallInt,
        pseudonym -> Text,
        price -> BigInt,
    }
}

diesel::table! {
    bank_account (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        holder -> Text,
        account_number -> Text,
        bank_code -> Nullable<Text>,
        bank_name -> Text,
        currency -> Text,
        archived_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    bank_statement (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        bank_account_id -> Uuid,
        message -> Text,
        number -> Text,
        sequence -> Nullable<Text>,
        currency -> Text,
        opening -> Nullable<Numeric>,
        closing -> Nullable<Numeric>,
        content -> Binary,
        received_by -> Uuid,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    bank_statement_entry (id) {
        id -> Uuid,
        statement_id -> Uuid,
        organisation_id -> Uuid,
        bank_account_id -> Uuid,
        position -> Integer,
        part -> Integer,
        amount -> Numeric,
        currency -> Text,
        is_credit -> Bool,
        is_reversal -> Bool,
        booked_on -> Nullable<Date>,
        other_name -> Nullable<Text>,
        other_account -> Nullable<Text>,
        bank_reference -> Nullable<Text>,
        texts -> Array<Text>,
        state -> Text,
        reason -> Text,
        candidates -> Array<Uuid>,
        payment_id -> Nullable<Uuid>,
        version -> BigInt,
    }
}

diesel::table! {
    blocked_buyer (seller_id, buyer_id) {
        seller_id -> Uuid,
        buyer_id -> Uuid,
        reason -> Nullable<Text>,
        blocked_at -> Timestamptz,
    }
}

diesel::table! {
    budget (id) {
        id -> Uuid,
        cost_centre_id -> Uuid,
        currency -> Text,
        starts_on -> Date,
        ends_on -> Date,
        amount -> Nullable<Numeric>,
        committed -> Numeric,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    budget_commitment (order_line_id) {
        order_line_id -> Uuid,
        order_id -> Uuid,
        budget_id -> Uuid,
        amount -> Numeric,
    }
}

diesel::table! {
    buyer_group (id) {
        id -> Uuid,
        seller_id -> Uuid,
        name -> Text,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    buyer_group_member (buyer_group_id, organisation_id) {
        buyer_group_id -> Uuid,
        organisation_id -> Uuid,
        since -> Timestamptz,
    }
}

diesel::table! {
    buyer_group_member_past (buyer_group_id, organisation_id, until) {
        buyer_group_id -> Uuid,
        organisation_id -> Uuid,
        since -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    catalogue_entry (id) {
        id -> Uuid,
        portal_id -> Uuid,
        seller_id -> Uuid,
        product_id -> Uuid,
        state -> Text,
        audience -> Text,
        publish_at -> Nullable<Timestamptz>,
        withdraw_at -> Nullable<Timestamptz>,
        category_path -> Array<Uuid>,
        currency -> Text,
        minimum_order -> Numeric,
        price -> Numeric,
        lead_time_days -> Integer,
        attributes -> Jsonb,
        name_en -> Text,
        name_ru -> Text,
        names -> Text,
    }
}

diesel::table! {
    catalogue_word (portal_id, word) {
        portal_id -> Uuid,
        word -> Text,
        uses -> BigInt,
    }
}

diesel::table! {
    catch_weight (product_id) {
        product_id -> Uuid,
        unit -> Text,
        nominal -> Numeric,
        tolerance_percent -> Numeric,
    }
}

diesel::table! {
    category (id) {
        id -> Uuid,
        code -> Text,
        parent_id -> Nullable<Uuid>,
        name -> Jsonb,
        version -> BigInt,
        created_at -> Timestamptz,
        path -> Array<Uuid>,
    }
}

diesel::table! {
    category_attribute (id) {
        id -> Uuid,
        category_id -> Uuid,
        key -> Text,
        name -> Jsonb,
        kind -> Text,
        unit -> Nullable<Text>,
        required -> Bool,
        choices -> Jsonb,
        minimum -> Nullable<Text>,
        maximum -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    code_list (id) {
        id -> Uuid,
        key -> Text,
        name -> Jsonb,
        edition -> Text,
        codes -> Integer,
        version -> BigInt,
        created_at -> Timestamptz,
        loaded_at -> Timestamptz,
    }
}

diesel::table! {
    code_list_entry (code_list_id, code) {
        code_list_id -> Uuid,
        code -> Text,
        parent -> Nullable<Text>,
        name -> Jsonb,
        retired -> Bool,
    }
}

diesel::table! {
    collective_invoicing (id) {
        id -> Uuid,
        seller_id -> Uuid,
        buyer_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    commission (contract_line_id) {
        contract_line_id -> Uuid,
        portal_id -> Uuid,
        seller_id -> Uuid,
        billed_by -> Uuid,
        currency -> Text,
        tax_category -> Text,
        tax_rate -> Numeric,
        percent -> Numeric,
        net -> Numeric,
        charged -> Numeric,
    }
}

diesel::table! {
    commission_entry (id) {
        id -> Uuid,
        statement_id -> Uuid,
        contract_line_id -> Uuid,
        invoice_id -> Uuid,
        amount -> Numeric,
        at -> Timestamptz,
    }
}

diesel::table! {
    commission_rate (id) {
        id -> Uuid,
        portal_id -> Uuid,
        category_id -> Nullable<Uuid>,
        percent -> Numeric,
    }
}

diesel::table! {
    commission_statement (id) {
        id -> Uuid,
        seller_id -> Uuid,
        billed_by -> Uuid,
        currency -> Text,
        month -> Date,
        state -> Text,
        number -> Nullable<Text>,
        net -> Numeric,
        tax -> Numeric,
        gross -> Numeric,
        created_at -> Timestamptz,
        issued_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    commission_terms (portal_id) {
        portal_id -> Uuid,
        billed_by -> Uuid,
        tax_category -> Text,
        tax_rate -> Numeric,
        version -> BigInt,
    }
}

diesel::table! {
    contract (id) {
        id -> Uuid,
        number -> BigInt,
        origin_kind -> Text,
        origin_id -> Uuid,
        portal_id -> Uuid,
        buyer_id -> Uuid,
        seller_id -> Uuid,
        state -> Text,
        state_reason -> Nullable<Text>,
        disputed_by -> Nullable<Uuid>,
        currency -> Text,
        incoterm -> Nullable<Text>,
        incoterm_place -> Nullable<Text>,
        payment_days -> Integer,
        delivery_date -> Nullable<Date>,
        total -> Numeric,
        text -> Text,
        text_hash -> Binary,
        created_at -> Timestamptz,
        activated_at -> Nullable<Timestamptz>,
        version -> BigInt,
        cancel_asked_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    contract_amendment (id) {
        id -> Uuid,
        contract_id -> Uuid,
        number -> Integer,
        text -> Text,
        text_hash -> Binary,
        proposed_by -> Uuid,
        proposed_at -> Timestamptz,
        state -> Text,
        decided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    contract_line (id) {
        id -> Uuid,
        contract_id -> Uuid,
        position -> Integer,
        kind -> Text,
        product_id -> Nullable<Uuid>,
        sku -> Nullable<Text>,
        name -> Jsonb,
        quantity -> Numeric,
        unit -> Text,
        unit_price -> Numeric,
        discount_percent -> Numeric,
        tax_category -> Text,
        tax_rate -> Numeric,
        amount -> Numeric,
        reserved -> Numeric,
        despatched -> Numeric,
        received -> Numeric,
        invoiced -> Numeric,
        delivery_address -> Nullable<Jsonb>,
        delivery_date -> Nullable<Date>,
        base_quantity -> Numeric,
    }
}

diesel::table! {
    contract_line_differential (contract_line_id, parameter) {
        contract_line_id -> Uuid,
        parameter -> Text,
        position -> Integer,
        unit -> Nullable<Text>,
        base -> Numeric,
        step -> Numeric,
        price_above -> Numeric,
        price_below -> Numeric,
        least -> Nullable<Numeric>,
        most -> Nullable<Numeric>,
    }
}

diesel::table! {
    contract_line_weight (contract_line_id) {
        contract_line_id -> Uuid,
        unit -> Text,
        nominal -> Numeric,
        tolerance_percent -> Numeric,
        unit_price -> Numeric,
        counts_stock -> Bool,
        received -> Numeric,
        invoiced -> Numeric,
        less_percent -> Nullable<Numeric>,
    }
}

diesel::table! {
    contract_signature (contract_id, amendment, organisation_id) {
        contract_id -> Uuid,
        amendment -> Integer,
        organisation_id -> Uuid,
        person_id -> Uuid,
        person_name -> Text,
        text_hash -> Binary,
        signed_at -> Timestamptz,
    }
}

diesel::table! {
    cost_centre (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        code -> Text,
        name -> Text,
        owner_id -> Uuid,
        budget_required -> Bool,
        archived_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    cost_centre_member (cost_centre_id, person_id) {
        cost_centre_id -> Uuid,
        person_id -> Uuid,
    }
}

diesel::table! {
    credit_entry (id) {
        id -> Uuid,
        credit_line_id -> Uuid,
        kind -> Text,
        source_kind -> Text,
        source_id -> Uuid,
        amount -> Numeric,
        at -> Timestamptz,
    }
}

diesel::table! {
    credit_line (id) {
        id -> Uuid,
        seller_id -> Uuid,
        buyer_id -> Uuid,
        currency -> Text,
        credit_limit -> Nullable<Numeric>,
        payment_days -> Integer,
        state -> Text,
        exposure -> Numeric,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    delivery (id) {
        id -> Uuid,
        contract_id -> Uuid,
        number -> Integer,
        state -> Text,
        carrier -> Nullable<Text>,
        tracking -> Nullable<Text>,
        despatched_by -> Uuid,
        despatched_at -> Timestamptz,
        received_by -> Nullable<Uuid>,
        received_at -> Nullable<Timestamptz>,
        note -> Nullable<Text>,
        version -> BigInt,
        invoice_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    delivery_line (delivery_id, contract_line_id) {
        delivery_id -> Uuid,
        contract_line_id -> Uuid,
        quantity -> Numeric,
        received -> Nullable<Numeric>,
        damaged -> Nullable<Numeric>,
        weighed -> Nullable<Numeric>,
        surplus -> Nullable<Numeric>,
    }
}

diesel::table! {
    delivery_measurement (delivery_id, contract_line_id, parameter) {
        delivery_id -> Uuid,
        contract_line_id -> Uuid,
        parameter -> Text,
        stated -> Nullable<Numeric>,
        found -> Nullable<Numeric>,
    }
}

diesel::table! {
    delivery_part (delivery_id, contract_line_id) {
        delivery_id -> Uuid,
        contract_line_id -> Uuid,
        unit_price -> Numeric,
        received -> Numeric,
        invoiced -> Numeric,
        returned -> Numeric,
    }
}

diesel::table! {
    deposit_payment (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        direction -> Text,
        amount -> Numeric,
        currency -> Text,
        reference -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    document (id) {
        id -> Uuid,
        owner_id -> Uuid,
        title -> Text,
        visibility -> Text,
        portal_id -> Nullable<Uuid>,
        subject_kind -> Nullable<Text>,
        subject_id -> Nullable<Uuid>,
        published_at -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    document_party (document_id, organisation_id) {
        document_id -> Uuid,
        organisation_id -> Uuid,
    }
}

diesel::table! {
    document_version (document_id, number) {
        document_id -> Uuid,
        number -> Integer,
        sha256 -> Binary,
        size -> BigInt,
        media_type -> Text,
        file_name -> Text,
        uploaded_by -> Nullable<Uuid>,
        uploaded_at -> Timestamptz,
    }
}

diesel::table! {
    dunning_level (seller_id, level) {
        seller_id -> Uuid,
        level -> Integer,
        days -> Integer,
        fee -> Nullable<Numeric>,
        currency -> Nullable<Text>,
        text -> Text,
    }
}

diesel::table! {
    dunning_notice (id) {
        id -> Uuid,
        invoice_id -> Uuid,
        level -> Integer,
        fee -> Nullable<Numeric>,
        text -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    dunning_policy (seller_id) {
        seller_id -> Uuid,
        version -> BigInt,
    }
}

diesel::table! {
    event (seq, tx) {
        seq -> BigInt,
        tx -> BigInt,
        id -> Uuid,
        #[sql_name = "type"]
        kind -> Text,
        subject_kind -> Text,
        subject_id -> Uuid,
        subject_version -> BigInt,
        portal_id -> Nullable<Uuid>,
        actor_id -> Nullable<Uuid>,
        request_id -> Nullable<Text>,
        schema_version -> SmallInt,
        data -> Jsonb,
        at -> Timestamptz,
    }
}

diesel::table! {
    event_audience (organisation_id, tx, seq) {
        organisation_id -> Uuid,
        tx -> BigInt,
        seq -> BigInt,
    }
}

diesel::table! {
    exchange_candle (instrument_id, resolution, start) {
        instrument_id -> Uuid,
        resolution -> Text,
        start -> Timestamptz,
        stream_id -> Uuid,
        open -> BigInt,
        high -> BigInt,
        low -> BigInt,
        close -> BigInt,
        lots -> BigInt,
        turnover -> Numeric,
        trades -> BigInt,
    }
}

diesel::table! {
    exchange_cleared_pair (clearing_id, position) {
        clearing_id -> Uuid,
        position -> Integer,
        instrument_id -> Uuid,
        first_id -> Uuid,
        second_id -> Uuid,
        trades -> Integer,
        contract_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    exchange_cleared_trade (stream_id, number) {
        stream_id -> Uuid,
        number -> BigInt,
        contract_id -> Nullable<Uuid>,
        cleared_at -> Timestamptz,
    }
}

diesel::table! {
    exchange_clearing (id) {
        id -> Uuid,
        portal_id -> Uuid,
        cleared_at -> Timestamptz,
    }
}

diesel::table! {
    exchange_order (id) {
        id -> Uuid,
        stream_id -> Uuid,
        instrument_id -> Uuid,
        organisation_id -> Uuid,
        client_order_id -> Text,
        side -> Text,
        order_type -> Text,
        time_in_force -> Text,
        expires_at -> Nullable<Timestamptz>,
        price -> Nullable<BigInt>,
        trigger_price -> Nullable<BigInt>,
        display -> Nullable<BigInt>,
        min_lots -> Nullable<BigInt>,
        post_only -> Bool,
        linked_to -> Nullable<Uuid>,
        lots -> BigInt,
        filled -> BigInt,
        open -> BigInt,
        turnover -> Numeric,
        state -> Text,
        end_reason -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        entry -> BigInt,
        position -> Integer,
        sent_lots -> BigInt,
        sent_price -> Nullable<BigInt>,
        sent_trigger_price -> Nullable<BigInt>,
    }
}

diesel::table! {
    exchange_step (organisation_id, stream_id, entry, position) {
        organisation_id -> Uuid,
        stream_id -> Uuid,
        entry -> BigInt,
        position -> Integer,
        order_id -> Uuid,
        kind -> Text,
        price -> Nullable<BigInt>,
        trigger_price -> Nullable<BigInt>,
        lots -> Nullable<BigInt>,
        open -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        keeps_priority -> Nullable<Bool>,
        at -> Timestamptz,
    }
}

diesel::table! {
    exchange_trade (id) {
        id -> Uuid,
        stream_id -> Uuid,
        instrument_id -> Uuid,
        number -> BigInt,
        session -> Integer,
        price -> BigInt,
        lots -> BigInt,
        aggressor -> Nullable<Text>,
        buyer_id -> Uuid,
        seller_id -> Uuid,
        buy_order_id -> Uuid,
        sell_order_id -> Uuid,
        at -> Timestamptz,
        entry -> BigInt,
        buy_position -> Integer,
        sell_position -> Integer,
        buy_open -> BigInt,
        sell_open -> BigInt,
    }
}

diesel::table! {
    expected_receipt (id) {
        id -> Uuid,
        product_id -> Uuid,
        warehouse_id -> Uuid,
        quantity -> Numeric,
        expected_on -> Date,
        note -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    export_job (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        actor_id -> Nullable<Uuid>,
        request_id -> Nullable<Text>,
        state -> Text,
        problem -> Nullable<Text>,
        detail -> Nullable<Text>,
        left_out -> Array<Text>,
        total -> BigInt,
        done -> BigInt,
        lines -> BigInt,
        position -> Jsonb,
        version -> BigInt,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        leased_until -> Timestamptz,
        attempts -> Integer,
    }
}

diesel::table! {
    export_part (export_id, number) {
        export_id -> Uuid,
        number -> Integer,
        file_id -> Uuid,
        packed -> BigInt,
        plain -> BigInt,
    }
}

diesel::table! {
    framework_agreement (id) {
        id -> Uuid,
        award_id -> Uuid,
        rfq_id -> Uuid,
        portal_id -> Uuid,
        buyer_id -> Uuid,
        seller_id -> Uuid,
        currency -> Text,
        content -> Jsonb,
        terms_version -> Integer,
        quote_id -> Uuid,
        revision -> Integer,
        first_day -> Date,
        ends_on -> Date,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    framework_call_off (id) {
        id -> Uuid,
        framework_id -> Uuid,
        lines -> Jsonb,
        contract_id -> Uuid,
        person_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    goods_return (id) {
        id -> Uuid,
        contract_id -> Uuid,
        number -> Integer,
        state -> Text,
        reason -> Text,
        answer -> Nullable<Text>,
        requested_by -> Uuid,
        requested_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
        completed_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    goods_return_credit (return_id, credit_note_id) {
        return_id -> Uuid,
        credit_note_id -> Uuid,
    }
}

diesel::table! {
    goods_return_line (return_id, contract_line_id) {
        return_id -> Uuid,
        contract_line_id -> Uuid,
        quantity -> Numeric,
        restocked -> Nullable<Numeric>,
        written_off -> Nullable<Numeric>,
        weight -> Nullable<Numeric>,
    }
}

diesel::table! {
    idempotency (scope, key) {
        scope -> Uuid,
        key -> Text,
        request_hash -> Binary,
        status -> SmallInt,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        body -> Binary,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    import_error (id) {
        id -> Uuid,
        import_id -> Uuid,
        row_number -> BigInt,
        sku -> Nullable<Text>,
        column_name -> Text,
        code -> Text,
        detail -> Text,
    }
}

diesel::table! {
    import_file_left (id) {
        id -> Uuid,
        remove_at -> Timestamptz,
    }
}

diesel::table! {
    import_job (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        actor_id -> Nullable<Uuid>,
        request_id -> Nullable<Text>,
        kind -> Text,
        portal_id -> Nullable<Uuid>,
        dry_run -> Bool,
        file_name -> Nullable<Text>,
        file_id -> Uuid,
        size -> BigInt,
        reading -> Jsonb,
        state -> Text,
        problem -> Nullable<Text>,
        detail -> Nullable<Text>,
        total -> BigInt,
        done -> BigInt,
        created -> BigInt,
        updated -> BigInt,
        unchanged -> BigInt,
        failed -> BigInt,
        listed -> BigInt,
        version -> BigInt,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        leased_until -> Timestamptz,
        attempts -> Integer,
        file_removed -> Bool,
    }
}

diesel::table! {
    import_mapping (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        name -> Text,
        definition -> Jsonb,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    instrument (id) {
        id -> Uuid,
        portal_id -> Uuid,
        code -> Text,
        name -> Jsonb,
        category_id -> Nullable<Uuid>,
        grade -> Text,
        specification -> Jsonb,
        unit -> Text,
        lot_size -> Numeric,
        tick_size -> Numeric,
        currency -> Text,
        incoterm -> Text,
        incoterm_place -> Text,
        delivery_from -> Date,
        delivery_to -> Date,
        band_up_ppm -> Nullable<Integer>,
        band_down_ppm -> Nullable<Integer>,
        volatility_ppm -> Nullable<Integer>,
        self_trade -> Text,
        guarantee -> Text,
        max_live_orders -> Nullable<Integer>,
        max_session_lots -> Nullable<BigInt>,
        differentials -> Jsonb,
        tolerance_more_ppm -> Integer,
        tolerance_less_ppm -> Integer,
        tax_category -> Text,
        tax_rate -> Numeric,
        payment_days -> Integer,
        reference_price -> Nullable<Numeric>,
        schedule_id -> Nullable<Uuid>,
        version -> BigInt,
        created_at -> Timestamptz,
        traded_at -> Nullable<Timestamptz>,
        delisted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    invitation (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        email -> Text,
        roles -> Array<Text>,
        token_hash -> Binary,
        created_by -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    invoice (id) {
        id -> Uuid,
        kind -> Text,
        number -> Nullable<Text>,
        contract_id -> Nullable<Uuid>,
        credits_id -> Nullable<Uuid>,
        seller_id -> Uuid,
        buyer_id -> Uuid,
        bank_account_id -> Nullable<Uuid>,
        state -> Text,
        currency -> Text,
        net -> Numeric,
        tax -> Numeric,
        gross -> Numeric,
        paid -> Numeric,
        credited -> Numeric,
        issue_date -> Nullable<Date>,
        due_date -> Nullable<Date>,
        reason -> Nullable<Text>,
        document_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        issued_at -> Nullable<Timestamptz>,
        version -> BigInt,
        match_state -> Nullable<Text>,
    }
}

diesel::table! {
    invoice_counter (seller_id, series, year) {
        seller_id -> Uuid,
        series -> Text,
        year -> Integer,
        last -> Integer,
    }
}

diesel::table! {
    invoice_difference (invoice_line_id, kind) {
        invoice_id -> Uuid,
        invoice_line_id -> Uuid,
        kind -> Text,
        expected -> Numeric,
        found -> Numeric,
    }
}

diesel::table! {
    invoice_line (id) {
        id -> Uuid,
        invoice_id -> Uuid,
        position -> Integer,
        contract_line_id -> Uuid,
        sku -> Nullable<Text>,
        name -> Jsonb,
        quantity -> Numeric,
        unit -> Text,
        unit_price -> Numeric,
        discount_percent -> Numeric,
        tax_category -> Text,
        tax_rate -> Numeric,
        net -> Numeric,
        credited_quantity -> Numeric,
    }
}

diesel::table! {
    invoice_match (invoice_id) {
        invoice_id -> Uuid,
        price_percent -> Numeric,
        quantity_percent -> Numeric,
        amount -> Numeric,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    invoice_tax (invoice_id, tax_category, tax_rate) {
        invoice_id -> Uuid,
        tax_category -> Text,
        tax_rate -> Numeric,
        base -> Numeric,
        tax -> Numeric,
    }
}

diesel::table! {
    invoice_tolerance (buyer_id) {
        buyer_id -> Uuid,
        is_active -> Bool,
        price_percent -> Numeric,
        quantity_percent -> Numeric,
        amount -> Numeric,
        currency -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    journal_entry (stream_id, number) {
        stream_id -> Uuid,
        number -> BigInt,
        epoch -> BigInt,
        at -> Timestamptz,
        version -> SmallInt,
        count -> Integer,
        commands -> Binary,
    }
}

diesel::table! {
    journal_projection (stream_id) {
        stream_id -> Uuid,
        number -> BigInt,
    }
}

diesel::table! {
    journal_snapshot (stream_id, number) {
        stream_id -> Uuid,
        number -> BigInt,
        at -> Timestamptz,
        state -> Binary,
    }
}

diesel::table! {
    journal_stream (id) {
        id -> Uuid,
        kind -> Text,
        portal_id -> Uuid,
        epoch -> BigInt,
        owner -> Nullable<Uuid>,
        address -> Nullable<Text>,
        leased_until -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    ledger_entry (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        subject_kind -> Text,
        subject_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    ledger_posting (entry_id, account_id) {
        entry_id -> Uuid,
        account_id -> Uuid,
        amount -> Numeric,
    }
}

diesel::table! {
    mail (id) {
        id -> Uuid,
        recipient -> Text,
        subject -> Text,
        text_sealed -> Binary,
        created_at -> Timestamptz,
        next_attempt_at -> Nullable<Timestamptz>,
        attempts -> Integer,
        sent_at -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    member (organisation_id, person_id) {
        organisation_id -> Uuid,
        person_id -> Uuid,
        roles -> Array<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    numbered_order (organisation_id, number) {
        organisation_id -> Uuid,
        number -> Text,
        content_hash -> Binary,
        order_ids -> Array<Uuid>,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    offer (id) {
        id -> Uuid,
        portal_id -> Uuid,
        product_id -> Uuid,
        seller_id -> Uuid,
        currency -> Text,
        state -> Text,
        version -> BigInt,
        created_at -> Timestamptz,
        audience -> Text,
        publish_at -> Nullable<Timestamptz>,
        withdraw_at -> Nullable<Timestamptz>,
        open_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    offer_buyer_group (offer_id, buyer_group_id) {
        offer_id -> Uuid,
        buyer_group_id -> Uuid,
    }
}

diesel::table! {
    offer_currency_past (offer_id, until) {
        offer_id -> Uuid,
        currency -> Text,
        until -> Timestamptz,
    }
}

diesel::table! {
    offer_organisation (offer_id, organisation_id) {
        offer_id -> Uuid,
        organisation_id -> Uuid,
    }
}

diesel::table! {
    offer_tier (offer_id, from_quantity) {
        offer_id -> Uuid,
        from_quantity -> Numeric,
        unit_price -> Numeric,
        since -> Timestamptz,
    }
}

diesel::table! {
    offer_tier_past (offer_id, from_quantity, until) {
        offer_id -> Uuid,
        from_quantity -> Numeric,
        unit_price -> Numeric,
        since -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    order_author (order_id, person_id) {
        order_id -> Uuid,
        person_id -> Uuid,
    }
}

diesel::table! {
    order_confirmation (id) {
        id -> Uuid,
        order_id -> Uuid,
        state -> Text,
        freight -> Numeric,
        total -> Numeric,
        delivery_date -> Nullable<Date>,
        expected_date -> Nullable<Date>,
        note -> Nullable<Text>,
        proposed_by -> Uuid,
        proposed_at -> Timestamptz,
        answer_by -> Timestamptz,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    order_confirmation_line (confirmation_id, order_line_id) {
        confirmation_id -> Uuid,
        order_line_id -> Uuid,
        quantity -> Numeric,
        unit_price -> Numeric,
        discount_percent -> Numeric,
        amount -> Numeric,
        backorder -> Numeric,
    }
}

diesel::table! {
    order_line (id) {
        id -> Uuid,
        order_id -> Uuid,
        position -> Integer,
        offer_id -> Uuid,
        product_id -> Uuid,
        seller_id -> Uuid,
        sku -> Text,
        name -> Jsonb,
        quantity -> Numeric,
        unit -> Text,
        unit_price -> Numeric,
        price_source -> Text,
        price_list_id -> Nullable<Uuid>,
        discount_percent -> Numeric,
        tax_category -> Text,
        tax_rate -> Numeric,
        amount -> Numeric,
        reserved -> Numeric,
        confirmed_quantity -> Nullable<Numeric>,
        base_quantity -> Numeric,
        cost_centre_id -> Nullable<Uuid>,
        buyer_reference -> Nullable<Text>,
        note -> Nullable<Text>,
        requested_date -> Nullable<Date>,
        delivery_address -> Nullable<Jsonb>,
        confirmed_price -> Nullable<Numeric>,
        price_proposal_id -> Nullable<Uuid>,
        weight_unit -> Nullable<Text>,
        weight_nominal -> Nullable<Numeric>,
        weight_tolerance -> Nullable<Numeric>,
    }
}

diesel::table! {
    organisation (id) {
        id -> Uuid,
        legal_name -> Text,
        legal_form -> Text,
        country -> Text,
        state -> Text,
        state_reason -> Nullable<Text>,
        parent_id -> Nullable<Uuid>,
        parent_confirmed_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        verified_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    organisation_address (organisation_id, position) {
        organisation_id -> Uuid,
        position -> SmallInt,
        kind -> Text,
        lines -> Array<Text>,
        city -> Text,
        postal_code -> Nullable<Text>,
        region -> Nullable<Text>,
        country -> Text,
    }
}

diesel::table! {
    organisation_identifier (scheme, value) {
        scheme -> Text,
        value -> Text,
        organisation_id -> Uuid,
    }
}

diesel::table! {
    password_reset (token_hash) {
        token_hash -> Binary,
        person_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    payment (id) {
        id -> Uuid,
        payer_id -> Uuid,
        payee_id -> Uuid,
        state -> Text,
        amount -> Numeric,
        currency -> Text,
        paid_on -> Date,
        reference -> Nullable<Text>,
        reason -> Nullable<Text>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    payment_allocation (payment_id, invoice_id) {
        payment_id -> Uuid,
        invoice_id -> Uuid,
        amount -> Numeric,
    }
}

diesel::table! {
    person (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        language -> Text,
        password_hash -> Text,
        is_operator -> Bool,
        disabled_at -> Nullable<Timestamptz>,
        erased_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    portal (id) {
        id -> Uuid,
        slug -> Text,
        owner_id -> Nullable<Uuid>,
        name -> Jsonb,
        description -> Jsonb,
        visibility -> Text,
        functions -> Array<Text>,
        rules_version -> Integer,
        version -> BigInt,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    portal_member (portal_id, organisation_id) {
        portal_id -> Uuid,
        organisation_id -> Uuid,
        state -> Text,
        capabilities -> Array<Text>,
        accepted_rules -> Integer,
        version -> BigInt,
        created_at -> Timestamptz,
        barred_seller -> Bool,
    }
}

diesel::table! {
    portal_rules (portal_id, version) {
        portal_id -> Uuid,
        version -> Integer,
        text -> Jsonb,
        published_by -> Uuid,
        published_at -> Timestamptz,
    }
}

diesel::table! {
    portal_rules_acceptance (portal_id, version, organisation_id) {
        portal_id -> Uuid,
        version -> Integer,
        organisation_id -> Uuid,
        person_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    price_list (id) {
        id -> Uuid,
        portal_id -> Uuid,
        seller_id -> Uuid,
        name -> Text,
        currency -> Nullable<Text>,
        valid_from -> Timestamptz,
        valid_until -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        edition_id -> Uuid,
        everyone -> Bool,
        priority -> Integer,
        discount_percent -> Nullable<Numeric>,
        since -> Timestamptz,
    }
}

diesel::table! {
    price_list_buyer (price_list_id, organisation_id) {
        price_list_id -> Uuid,
        organisation_id -> Uuid,
        since -> Timestamptz,
    }
}

diesel::table! {
    price_list_buyer_past (price_list_id, organisation_id, until) {
        price_list_id -> Uuid,
        organisation_id -> Uuid,
        since -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    price_list_category (price_list_id, category_id) {
        price_list_id -> Uuid,
        category_id -> Uuid,
        discount_percent -> Numeric,
        since -> Timestamptz,
    }
}

diesel::table! {
    price_list_category_past (price_list_id, category_id, until) {
        price_list_id -> Uuid,
        category_id -> Uuid,
        discount_percent -> Numeric,
        since -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    price_list_edition (id) {
        id -> Uuid,
        price_list_id -> Uuid,
        adopted_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    price_list_group (price_list_id, buyer_group_id) {
        price_list_id -> Uuid,
        buyer_group_id -> Uuid,
        since -> Timestamptz,
    }
}

diesel::table! {
    price_list_group_past (price_list_id, buyer_group_id, until) {
        price_list_id -> Uuid,
        buyer_group_id -> Uuid,
        since -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    price_list_past (id, until) {
        id -> Uuid,
        portal_id -> Uuid,
        seller_id -> Uuid,
        name -> Text,
        currency -> Nullable<Text>,
        valid_from -> Timestamptz,
        valid_until -> Nullable<Timestamptz>,
        archived_at -> Nullable<Timestamptz>,
        edition_id -> Uuid,
        everyone -> Bool,
        priority -> Integer,
        discount_percent -> Nullable<Numeric>,
        since -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    price_list_tier (edition_id, offer_id, from_quantity) {
        edition_id -> Uuid,
        offer_id -> Uuid,
        from_quantity -> Numeric,
        unit_price -> Nullable<Numeric>,
        discount_percent -> Nullable<Numeric>,
        since -> Timestamptz,
    }
}

diesel::table! {
    price_list_tier_past (edition_id, offer_id, from_quantity, until) {
        edition_id -> Uuid,
        offer_id -> Uuid,
        from_quantity -> Numeric,
        unit_price -> Nullable<Numeric>,
        discount_percent -> Nullable<Numeric>,
        since -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    price_proposal (id) {
        id -> Uuid,
        portal_id -> Uuid,
        offer_id -> Uuid,
        buyer_id -> Uuid,
        seller_id -> Uuid,
        state -> Text,
        currency -> Text,
        quantity -> Numeric,
        unit -> Text,
        base_quantity -> Numeric,
        unit_price -> Numeric,
        rounds -> Integer,
        expires_at -> Timestamptz,
        reason -> Nullable<Text>,
        created_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    price_proposal_round (proposal_id, number) {
        proposal_id -> Uuid,
        number -> Integer,
        side -> Text,
        quantity -> Numeric,
        unit_price -> Numeric,
        note -> Nullable<Text>,
        expires_at -> Timestamptz,
        by_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    product (id) {
        id -> Uuid,
        seller_id -> Uuid,
        sku -> Text,
        gtin -> Nullable<Text>,
        name -> Jsonb,
        description -> Jsonb,
        category_id -> Nullable<Uuid>,
        base_unit -> Text,
        tax_category -> Text,
        tax_rate -> Numeric,
        minimum_order -> Numeric,
        order_multiple -> Numeric,
        lead_time_days -> Integer,
        archived_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
        attributes -> Jsonb,
        packs -> Jsonb,
        image_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    product_code (product_id, code_list_id) {
        product_id -> Uuid,
        code_list_id -> Uuid,
        code -> Text,
    }
}

diesel::table! {
    product_media (id) {
        id -> Uuid,
        product_id -> Uuid,
        kind -> Text,
        position -> Integer,
        title -> Jsonb,
        state -> Text,
        fault -> Nullable<Text>,
        sha256 -> Binary,
        size -> BigInt,
        media_type -> Text,
        file_name -> Text,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        page_count -> Nullable<Integer>,
        attempts -> Integer,
        leased_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    product_media_left (id) {
        id -> Uuid,
        remove_at -> Timestamptz,
    }
}

diesel::table! {
    product_media_preview (media_id, edge) {
        media_id -> Uuid,
        edge -> Integer,
        sha256 -> Binary,
        media_type -> Text,
        width -> Integer,
        height -> Integer,
    }
}

diesel::table! {
    product_relation (product_id, kind, related_id) {
        product_id -> Uuid,
        kind -> Text,
        related_id -> Uuid,
        position -> Integer,
    }
}

diesel::table! {
    punchout_session (id) {
        id -> Uuid,
        token_hash -> Binary,
        organisation_id -> Uuid,
        api_client_id -> Uuid,
        api_client_secret_id -> Uuid,
        portal_id -> Uuid,
        seller_id -> Nullable<Uuid>,
        operation -> Text,
        buyer_cookie -> Text,
        form_post -> Text,
        buyer_domain -> Text,
        buyer_identity -> Text,
        supplier_domain -> Text,
        supplier_identity -> Text,
        items -> Jsonb,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        checked_out_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    purchase_order (id) {
        id -> Uuid,
        number -> BigInt,
        portal_id -> Uuid,
        buyer_id -> Uuid,
        seller_id -> Nullable<Uuid>,
        split_from -> Nullable<Uuid>,
        state -> Text,
        currency -> Text,
        buyer_reference -> Nullable<Text>,
        note -> Nullable<Text>,
        delivery_address -> Nullable<Jsonb>,
        requested_date -> Nullable<Date>,
        freight_terms -> Text,
        freight_limit -> Nullable<Numeric>,
        freight -> Numeric,
        incoterm -> Nullable<Text>,
        incoterm_place -> Nullable<Text>,
        payment_days -> Nullable<Integer>,
        total -> Numeric,
        reason -> Nullable<Text>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        placed_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        version -> BigInt,
        contract_id -> Nullable<Uuid>,
        cost_centre_id -> Nullable<Uuid>,
        shortage -> Text,
        backorder_of -> Nullable<Uuid>,
        expected_date -> Nullable<Date>,
        credit_hold -> Bool,
    }
}

diesel::table! {
    quote (id) {
        id -> Uuid,
        rfq_id -> Uuid,
        quoter_id -> Uuid,
        state -> Text,
        draft -> Nullable<Binary>,
        revision -> Integer,
        answers -> Integer,
        submitted_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    quote_evaluation (quote_id) {
        quote_id -> Uuid,
        rfq_id -> Uuid,
        scores -> Jsonb,
        allowance -> Nullable<Numeric>,
        accepted -> Jsonb,
        note -> Nullable<Text>,
        version -> BigInt,
        at -> Timestamptz,
    }
}

diesel::table! {
    quote_negotiation (id) {
        id -> Uuid,
        quote_id -> Uuid,
        rfq_id -> Uuid,
        state -> Text,
        content -> Jsonb,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    quote_revision (quote_id, number) {
        quote_id -> Uuid,
        number -> Integer,
        rfq_id -> Uuid,
        round -> SmallInt,
        kind -> Text,
        answers -> Integer,
        content -> Binary,
        commitments -> Jsonb,
        person_id -> Nullable<Uuid>,
        at -> Timestamptz,
        opened -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_token (token_hash) {
        token_hash -> Binary,
        session_id -> Uuid,
        created_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    requisition_line (list_id, position) {
        list_id -> Uuid,
        position -> Integer,
        offer_id -> Uuid,
        quantity -> Numeric,
        unit -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    requisition_list (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        owner_id -> Uuid,
        name -> Text,
        shared -> Bool,
        portal_id -> Uuid,
        currency -> Text,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    rfq (id) {
        id -> Uuid,
        portal_id -> Uuid,
        buyer_id -> Uuid,
        state -> Text,
        terms -> Jsonb,
        terms_version -> Integer,
        last_to_confirm -> Integer,
        round -> SmallInt,
        rounds -> Jsonb,
        visibility -> Text,
        secrecy -> Text,
        categories -> Array<Uuid>,
        questions_until -> Timestamptz,
        quotes_until -> Timestamptz,
        auction_id -> Nullable<Uuid>,
        copied_from -> Nullable<Uuid>,
        cancel_reason -> Nullable<Text>,
        author_id -> Nullable<Uuid>,
        version -> BigInt,
        created_at -> Timestamptz,
        published_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    rfq_application (rfq_id, organisation_id) {
        rfq_id -> Uuid,
        organisation_id -> Uuid,
        state -> Text,
        note -> Nullable<Text>,
        document_ids -> Array<Uuid>,
        reason -> Nullable<Text>,
        applied_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    rfq_award (id) {
        id -> Uuid,
        decision_id -> Uuid,
        rfq_id -> Uuid,
        quote_id -> Uuid,
        quoter_id -> Uuid,
        state -> Text,
        part -> Jsonb,
        standstill_until -> Nullable<Timestamptz>,
        contract_id -> Nullable<Uuid>,
        letter_id -> Nullable<Uuid>,
        end_reason -> Nullable<Text>,
        announced_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    rfq_decision (id) {
        id -> Uuid,
        rfq_id -> Uuid,
        reason -> Text,
        decided_by -> Nullable<Uuid>,
        decided_at -> Timestamptz,
        policy_version -> Nullable<BigInt>,
        requesters -> Array<Uuid>,
        approval -> Nullable<Jsonb>,
    }
}

diesel::table! {
    rfq_document (document_id, holder_id) {
        document_id -> Uuid,
        rfq_id -> Uuid,
        holder_id -> Uuid,
        audience -> Text,
    }
}

diesel::table! {
    rfq_opening (rfq_id, round, envelope, person_id) {
        rfq_id -> Uuid,
        round -> SmallInt,
        envelope -> Text,
        person_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    rfq_question (id) {
        id -> Uuid,
        rfq_id -> Uuid,
        organisation_id -> Uuid,
        question -> Text,
        asked_at -> Timestamptz,
        answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    rfq_recipient (rfq_id, organisation_id) {
        rfq_id -> Uuid,
        organisation_id -> Uuid,
        via -> Text,
        received_at -> Timestamptz,
        declined_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    rfq_release (rfq_id) {
        rfq_id -> Uuid,
        portal_id -> Uuid,
        number -> BigInt,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    rfq_subscription (portal_id, organisation_id) {
        portal_id -> Uuid,
        organisation_id -> Uuid,
        categories -> Array<Uuid>,
        version -> BigInt,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    rfq_template (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        name -> Text,
        data -> Jsonb,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    rfq_version (rfq_id, number) {
        rfq_id -> Uuid,
        number -> Integer,
        terms -> Jsonb,
        changes -> Jsonb,
        needs_confirmation -> Bool,
        at -> Timestamptz,
    }
}

diesel::table! {
    session (id) {
        id -> Uuid,
        person_id -> Uuid,
        organisation_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        ended_reason -> Nullable<Text>,
    }
}

diesel::table! {
    signing_key (kid) {
        kid -> Text,
        private_key_sealed -> Binary,
        public_key -> Binary,
        created_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    standing_order (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        owner_id -> Uuid,
        name -> Text,
        portal_id -> Uuid,
        currency -> Text,
        mode -> Text,
        period -> Text,
        interval -> Integer,
        first_on -> Date,
        last_on -> Nullable<Date>,
        lead_days -> Nullable<Integer>,
        cost_centre_id -> Nullable<Uuid>,
        buyer_reference -> Nullable<Text>,
        note -> Nullable<Text>,
        delivery_address -> Nullable<Jsonb>,
        paused -> Bool,
        next_on -> Nullable<Date>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    standing_order_line (standing_order_id, position) {
        standing_order_id -> Uuid,
        position -> Integer,
        offer_id -> Uuid,
        quantity -> Numeric,
        unit -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    standing_order_run (standing_order_id, due_on) {
        standing_order_id -> Uuid,
        due_on -> Date,
        order_ids -> Array<Uuid>,
        problem -> Nullable<Text>,
        detail -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    stock (product_id) {
        product_id -> Uuid,
        on_hand -> Numeric,
        reserved -> Numeric,
        version -> BigInt,
        backorder_limit -> Numeric,
        backorder_days -> Integer,
    }
}

diesel::table! {
    stock_lot (id) {
        id -> Uuid,
        product_id -> Uuid,
        warehouse_id -> Uuid,
        number -> Text,
        expires_on -> Nullable<Date>,
        document_id -> Nullable<Uuid>,
        quantity -> Numeric,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    stock_movement (id) {
        id -> Uuid,
        product_id -> Uuid,
        lot_id -> Uuid,
        quantity -> Numeric,
        reason -> Text,
        note -> Nullable<Text>,
        reference_id -> Nullable<Uuid>,
        actor_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    timer (kind, subject_id) {
        kind -> Text,
        subject_id -> Uuid,
        due_at -> Timestamptz,
        attempts -> Integer,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    trading_schedule (id) {
        id -> Uuid,
        portal_id -> Uuid,
        name -> Text,
        time_zone -> Text,
        steps -> Jsonb,
        weekdays -> Array<Text>,
        holidays -> Array<Date>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    verification (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        decision -> Text,
        note -> Nullable<Text>,
        evidence -> Array<Uuid>,
        decided_by -> Uuid,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    warehouse (id) {
        id -> Uuid,
        seller_id -> Uuid,
        name -> Text,
        country -> Nullable<Text>,
        city -> Nullable<Text>,
        archived_at -> Nullable<Timestamptz>,
        version -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_attempt (delivery_id, number) {
        delivery_id -> Uuid,
        number -> Integer,
        at -> Timestamptz,
        duration_ms -> Integer,
        signature -> Text,
        status -> Nullable<SmallInt>,
        error -> Nullable<Text>,
        response_headers -> Nullable<Jsonb>,
        response_body -> Nullable<Text>,
    }
}

diesel::table! {
    webhook_delivery (id) {
        id -> Uuid,
        endpoint_id -> Uuid,
        tx -> BigInt,
        seq -> BigInt,
        event_id -> Uuid,
        event_type -> Text,
        round -> Integer,
        state -> Text,
        attempts -> Integer,
        attempts_in_all -> Integer,
        first_attempt_at -> Nullable<Timestamptz>,
        next_attempt_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_endpoint (id) {
        id -> Uuid,
        organisation_id -> Uuid,
        url -> Text,
        description -> Nullable<Text>,
        event_types -> Array<Text>,
        portal_id -> Nullable<Uuid>,
        state -> Text,
        reason -> Nullable<Text>,
        secret_sealed -> Binary,
        old_secret_sealed -> Nullable<Binary>,
        old_secret_until -> Nullable<Timestamptz>,
        since_tx -> BigInt,
        since_seq -> BigInt,
        version -> BigInt,
        created_at -> Timestamptz,
        disabled_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_feed (one) {
        one -> Bool,
        tx -> BigInt,
        seq -> BigInt,
    }
}

diesel::table! {
    webhook_sending (endpoint_id) {
        endpoint_id -> Uuid,
        due_at -> Nullable<Timestamptz>,
        lease -> Nullable<Uuid>,
        leased_until -> Nullable<Timestamptz>,
        failing_since -> Nullable<Timestamptz>,
        failures -> Integer,
        rests_until -> Nullable<Timestamptz>,
    }
}
