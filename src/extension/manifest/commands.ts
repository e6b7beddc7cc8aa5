import { type ManifestText, text } from "./text.ts";

/** One command as the palette shows it. */
interface Command {
  readonly title: ManifestText;
  /** A codicon, where it has a button. */
  readonly icon?: string;
  /** Greyed out where this does not hold. */
  readonly enablement?: string;
}

/** Every command; the manifest and `registerCommand` take the names from here. */
export const commands = {
  "byzer.analyzeFile": { title: text("Analyze this CSV", "分析此 CSV"), icon: "$(graph)" },
  "byzer.askAboutFile": { title: text("Ask about file", "询问此文件") },
  "byzer.askAboutFolder": { title: text("Ask about folder", "询问此文件夹") },
  "byzer.askAboutSelection": { title: text("Ask about selection", "询问所选内容") },
  "byzer.askAboutWorkspace": {
    title: text("Ask about workspace", "询问此工作区"),
    enablement: "workspaceFolderCount != 0",
  },
  "byzer.newAgent": {
    title: text("New Agent…", "新建智能体…"),
    icon: "$(add)",
    enablement: "workspaceFolderCount != 0",
  },
  "byzer.askAgent": { title: text("Ask Agent…", "向智能体提问…"), icon: "$(comment)" },
  "byzer.openAgentFile": { title: text("Open Agent’s File…", "打开智能体的文件…"), icon: "$(go-to-file)" },
  "byzer.editSystemMessage": { title: text("Edit System Message…", "编辑系统消息…"), icon: "$(edit)" },
  "byzer.restoreSystemMessage": { title: text("Restore System Message…", "恢复系统消息…") },
  "byzer.forgetAgent": { title: text("Make Agent Forget…", "让智能体忘记…") },
  "byzer.showSessionAgents": {
    title: text("Show Agents of This Session", "显示此会话的智能体"),
    icon: "$(type-hierarchy)",
  },
  "byzer.startAgent": { title: text("Start Agent…", "启动智能体…") },
  "byzer.stopAgent": { title: text("Stop Agent…", "停止智能体…") },
  "byzer.restartAgent": { title: text("Restart Agent…", "重新启动智能体…") },
  "byzer.debugAgent": { title: text("Debug Agent…", "调试智能体…"), icon: "$(debug-alt)" },
  "byzer.showAgentOutput": { title: text("Show Agent Output…", "显示智能体的输出…") },
  "byzer.openChat": { title: text("Open Chat", "打开聊天"), icon: "$(comment-discussion)" },
  "byzer.newSession": { title: text("New Session", "新建会话"), icon: "$(add)" },
  "byzer.showSessions": { title: text("Show Sessions", "显示会话列表"), icon: "$(history)" },
  "byzer.renameSession": { title: text("Rename Session…", "重命名会话…") },
  "byzer.exportSession": { title: text("Export Session…", "导出会话…"), icon: "$(export)" },
  "byzer.deleteSession": { title: text("Delete Session…", "删除会话…") },
  "byzer.searchConversations": { title: text("Search Conversations…", "搜索对话…"), icon: "$(search)" },
  "byzer.toggleMemory": { title: text("Switch Memory On or Off", "打开或关闭记忆"), enablement: "isWorkspaceTrusted" },
  "byzer.forgetConversation": { title: text("Forget Conversation…", "忘记某个对话…") },
  "byzer.forgetAllConversations": { title: text("Forget All Conversations…", "忘记所有对话…") },
  "byzer.stop": { title: text("Stop", "停止"), icon: "$(debug-stop)", enablement: "byzer.running" },
  "byzer.chooseModel": { title: text("Choose Model…", "选择模型…") },
  "byzer.addEndpoint": { title: text("Add Model Endpoint…", "添加模型服务…") },
  "byzer.setApiKey": { title: text("Set API Key…", "设置 API 密钥…") },
  "byzer.removeApiKey": { title: text("Remove API Key…", "移除 API 密钥…") },
  "byzer.testConnection": { title: text("Test Connection", "测试连接") },
  "byzer.manageIndex": { title: text("Manage Index…", "管理索引…") },
  "byzer.rebuildIndex": { title: text("Rebuild Index", "重建索引") },
  "byzer.deleteIndex": { title: text("Delete Index…", "删除索引…") },
  "byzer.choosePython": { title: text("Choose Python…", "选择 Python…") },
  "byzer.setUpPython": {
    title: text("Set Up Python Environment", "安装 Python 环境"),
    enablement: "isWorkspaceTrusted",
  },
  "byzer.connectCluster": {
    title: text("Connect to Ray Cluster…", "连接 Ray 集群…"),
    icon: "$(plug)",
    enablement: "isWorkspaceTrusted",
  },
  "byzer.disconnectCluster": {
    title: text("Disconnect from Ray Cluster", "断开 Ray 集群"),
    enablement: "byzer.clusterNamed",
  },
  "byzer.showCluster": { title: text("Show Ray Cluster", "显示 Ray 集群"), icon: "$(server)" },
  "byzer.removeFromCluster": {
    title: text("Remove Everything from Ray Cluster…", "从 Ray 集群中移除全部内容…"),
    enablement: "isWorkspaceTrusted && byzer.clusterNamed",
  },
  "byzer.startLocalCluster": {
    title: text("Start a Local Ray Cluster…", "启动本机 Ray 集群…"),
    enablement: "isWorkspaceTrusted",
  },
  "byzer.stopLocalCluster": { title: text("Stop the Local Ray Cluster…", "停止本机 Ray 集群…") },
  "byzer.deployModel": {
    title: text("Deploy a Model on the Ray Cluster…", "在 Ray 集群上部署模型…"),
    enablement: "isWorkspaceTrusted && byzer.clusterNamed",
  },
  "byzer.forgetApprovals": { title: text("Forget Approvals…", "撤销运行许可…") },
  "byzer.showTerminal": { title: text("Show Terminal", "显示终端"), icon: "$(terminal)" },
  "byzer.showTranscript": { title: text("Show Transcript", "显示智能体对话记录") },
  "byzer.showLog": { title: text("Show Log", "显示日志") },
} as const satisfies { readonly [id: `byzer.${string}`]: Command };

export type CommandId = keyof typeof commands;
