use crate::eval;

#[test]
fn what_is_not_built_says_so_and_exits_3() {
    for command in ["pipeline", "promises"] {
        let output = eval(&[command, "--records", "10"], b"{\"id\":1}\n");
        assert_eq!(output.status.code(), Some(3), "{command}");
        assert!(output.stdout.is_empty(), "{command} prints no figures");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("not built yet"), "{command}: {stderr}");
    }
}

#[test]
fn the_neural_engine_needs_its_feature_and_its_model() {
    let output = eval(&["detect", "--engine", "neural"], b"");
    let wanted = if cfg!(feature = "neural") { 2 } else { 3 };
    assert_eq!(output.status.code(), Some(wanted));
    let output = eval(&["detect", "--model", "weights"], b"");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn usage_errors_exit_2() {
    assert_eq!(eval(&["no-such-command"], b"").status.code(), Some(2));
}
